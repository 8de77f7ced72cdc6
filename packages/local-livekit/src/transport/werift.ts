/**
 * The one file that knows werift: its DTLS server and its SCTP association, wrapped so that nothing they do with
 * hostile input escapes as an exception or an unhandled rejection. werift's peer connection, its router, its ICE
 * and its SRTP are not used.
 */
import { createHash } from 'node:crypto'
import {
  CipherContext,
  DtlsServer,
  Event as WeriftEvent,
  HashAlgorithm,
  NamedCurveAlgorithm,
  RTCSctpTransport,
  SignatureAlgorithm,
  type RTCDtlsTransport,
  type SignatureHash,
} from 'werift'
import { findSctpFault, type SctpReject } from './sctp-framing.ts'
import { SRTP_KEY_LENGTHS, SRTP_PROFILES, SrtpSession } from '../srtp/srtp-session.ts'

const SRTP_PREFERENCE = [SRTP_PROFILES.aeadAes128Gcm, SRTP_PROFILES.aesCm128HmacSha1_80]
const SCTP_PORT = 5000
/** Beyond the last flight of the handshake: stops werift from repeating flights of a closed connection. */
const NO_MORE_FLIGHTS = 99

/** The certificate a server uses for all its DTLS connections. */
export interface DtlsCertificate {
  readonly certPem: string
  readonly keyPem: string
  readonly signatureHash: SignatureHash
  /** SHA-256 of the DER form as SDP writes it: upper-case hex pairs with colons (RFC 8122, section 5). */
  readonly fingerprint: string
}

/** Makes a self-signed ECDSA P-256 certificate. */
export async function createDtlsCertificate(): Promise<DtlsCertificate> {
  const { certPem, keyPem, signatureHash } = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  )
  const der = Buffer.from(certPem.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  return { certPem, keyPem, signatureHash, fingerprint: fingerprintOf('sha256', der) }
}

/** Hash of a DER certificate as SDP writes it. */
function fingerprintOf(algorithm: string, der: Buffer): string {
  const hex = createHash(algorithm).update(der).digest('hex').toUpperCase()
  return (hex.match(/../g) ?? []).join(':')
}

/** What the remote description says about the peer's certificate. */
export interface RemoteFingerprint {
  /** `sha-256`, `sha-384` or `sha-512` */
  readonly algorithm: string
  readonly value: string
}

const HASHES: Record<string, string | undefined> = {
  'sha-256': 'sha256',
  'sha-384': 'sha384',
  'sha-512': 'sha512',
}

export interface DtlsEndpointOptions {
  certificate: DtlsCertificate
  send: (datagram: Buffer) => void
  onConnected: (srtp: SrtpSession) => void
  onApplicationData: (data: Buffer) => void
  /** The peer closed, sent garbage that ends the handshake, or showed another certificate than it announced. */
  onEnded: (reason: string) => void
}

/** The passive side of one DTLS association with DTLS-SRTP (RFC 5763, RFC 5764). */
export class DtlsEndpoint {
  readonly #dtls: DtlsServer
  readonly #options: DtlsEndpointOptions
  #remote: RemoteFingerprint | undefined
  #handshakeDone = false
  #ended = false

  constructor(options: DtlsEndpointOptions) {
    this.#options = options
    const { certificate } = options
    const socket = {
      type: 'udp',
      address: { address: '', port: 0, family: 'IPv4' },
      closed: false,
      onData: (_data: Buffer): void => undefined,
      send: (datagram: Buffer): Promise<void> => {
        if (!this.#ended) options.send(datagram)
        return Promise.resolve()
      },
      close: (): Promise<void> => Promise.resolve(),
    }
    this.#dtls = new DtlsServer({
      cert: certificate.certPem,
      key: certificate.keyPem,
      signatureHash: certificate.signatureHash,
      transport: socket,
      srtpProfiles: SRTP_PREFERENCE,
      extendedMasterSecret: true,
      certificateRequest: true,
    })
    this.#dtls.onConnect.subscribe(() => {
      this.#handshakeDone = true
      this.#finish()
    })
    this.#dtls.onData.subscribe((data) => {
      if (this.#handshakeDone && !this.#ended) options.onApplicationData(data)
    })
    this.#dtls.onError.subscribe((error) => this.#end(`dtls: ${String(error)}`))
    this.#dtls.onClose.subscribe(() => this.#end('dtls: closed by peer'))
  }

  /** Tells the certificate that the peer has to show; the association is up once both are there. */
  expect(fingerprint: RemoteFingerprint): void {
    if (this.#remote) return
    this.#remote = fingerprint
    this.#finish()
  }

  /** Takes a datagram from the network. */
  receive(datagram: Buffer): void {
    if (this.#ended) return
    try {
      // werift installs its handler as the transport's `onData` (constructor of DtlsSocket)
      this.#dtls.transport.socket.onData?.(datagram, ['', 0])
    } catch {
      this.#end('dtls: malformed record')
    }
  }

  /** Encrypts application data (SCTP); does nothing once the association has ended. */
  sendApplicationData(data: Buffer): void {
    if (this.#ended || !this.#handshakeDone) return
    this.#dtls.send(data).catch((error: unknown) => this.#end(`dtls: ${String(error)}`))
  }

  close(): void {
    this.#ended = true
    this.#dtls.dtls.flight = NO_MORE_FLIGHTS
    this.#dtls.onConnect.allUnsubscribe()
    this.#dtls.onData.allUnsubscribe()
    this.#dtls.onClose.allUnsubscribe()
  }

  #finish(): void {
    if (!this.#handshakeDone || !this.#remote || this.#ended) return
    const { remoteCertificate } = this.#dtls
    const hash = HASHES[this.#remote.algorithm.toLowerCase()]
    if (
      !remoteCertificate ||
      !hash ||
      fingerprintOf(hash, remoteCertificate) !== this.#remote.value.toUpperCase()
    )
      return this.#end('dtls: certificate does not match the announced fingerprint')
    const profile = SRTP_PREFERENCE.find((known) => known === this.#dtls.srtp.srtpProfile)
    if (profile === undefined) return this.#end('dtls: no common SRTP profile')
    const lengths = SRTP_KEY_LENGTHS[profile]
    // RFC 5764 section 4.2: client key, server key, client salt, server salt
    const material = this.#dtls.exportKeyingMaterial('EXTRACTOR-dtls_srtp', 2 * (lengths.key + lengths.salt))
    const saltStart = 2 * lengths.key
    const remote = {
      key: material.subarray(0, lengths.key),
      salt: material.subarray(saltStart, saltStart + lengths.salt),
    }
    const local = {
      key: material.subarray(lengths.key, saltStart),
      salt: material.subarray(saltStart + lengths.salt),
    }
    this.#options.onConnected(new SrtpSession(profile, local, remote))
  }

  #end(reason: string): void {
    if (this.#ended) return
    this.close()
    this.#options.onEnded(reason)
  }
}

export interface SctpSendOptions {
  ordered: boolean
  /** Retransmissions before a message is given up; left out: as often as needed. */
  maxRetransmits?: number
}

export interface SctpEndpointOptions {
  send: (packet: Buffer) => void
  onEstablished: () => void
  /** A whole message with its payload protocol identifier (RFC 8831, section 8). */
  onMessage: (streamId: number, ppid: number, data: Buffer) => void
  onStreamsReset: (streamIds: number[]) => void
  onClosed: () => void
  /** A packet was dropped. */
  onMalformed: (reason: SctpReject | 'sctp-malformed') => void
}

/** The passive side of one SCTP association over DTLS (RFC 8261). */
export class SctpEndpoint {
  readonly #transport = new RTCSctpTransport(SCTP_PORT)
  readonly #options: SctpEndpointOptions
  #established = false
  #isStopping = false
  #stopped = false

  constructor(options: SctpEndpointOptions) {
    this.#options = options
    const bridge = {
      id: '',
      state: 'connected',
      onStateChange: new WeriftEvent<[string]>(),
      iceTransport: { role: 'controlled' },
      dataReceiver: (_packet: Buffer): void => undefined,
      sendData: (packet: Buffer): Promise<void> => {
        if (!this.#stopped) options.send(packet)
        return Promise.resolve()
      },
    }
    // RTCSctpTransport uses exactly these members of its DTLS transport (constructor of BridgeDtls, `isServer`)
    const transport = bridge as unknown as RTCDtlsTransport // oxlint-disable-line typescript/no-unsafe-type-assertion -- a real one would bring werift's ICE along
    this.#transport.setDtlsTransport(transport)
    const { sctp } = this.#transport
    // Its data channel layer throws at unknown messages from inside detached promises; ours takes its place
    sctp.onReceive.allUnsubscribe()
    sctp.onReconfigStreams.allUnsubscribe()
    sctp.onSackReceived = () => Promise.resolve()
    sctp.onReceive.subscribe((streamId, ppid, data) => options.onMessage(streamId, ppid, data))
    sctp.onReconfigStreams.subscribe((streamIds) => options.onStreamsReset(streamIds))
    sctp.stateChanged.connected.subscribe(() => {
      if (this.#established) return
      this.#established = true
      options.onEstablished()
    })
    sctp.stateChanged.closed.subscribe(() => {
      if (!this.#isStopping) options.onClosed()
    })
  }

  /** Waits for the peer's INIT; call it once DTLS is up. */
  async start(): Promise<void> {
    this.#transport.setRemotePort(SCTP_PORT)
    await this.#transport.start(SCTP_PORT)
  }

  /** Takes an SCTP packet out of DTLS. */
  receive(packet: Buffer): void {
    if (this.#stopped) return
    // werift moves on by the lengths it reads: at a length of 0 it would stay for ever, and take all memory
    const fault = findSctpFault(packet)
    if (fault) return this.#options.onMalformed(fault)
    // handleData is private; the public way (the transport's onData) drops its promise, so that one malformed
    // packet would end the process as an unhandled rejection
    const { sctp } = this.#transport
    const handleData: unknown = Reflect.get(sctp, 'handleData')
    if (typeof handleData !== 'function') throw new TypeError('werift: SCTP.handleData is gone')
    const done: unknown = Reflect.apply(handleData, sctp, [packet])
    Promise.resolve(done).catch(() => this.#options.onMalformed('sctp-malformed'))
  }

  /** Queues a message; the promise tells when it was handed to the network, not when it arrived. */
  async send(streamId: number, ppid: number, data: Buffer, options: SctpSendOptions): Promise<void> {
    if (!this.#established || this.#stopped) return
    await this.#transport.sctp.send(streamId, ppid, data, options)
  }

  /** Messages' chunks that wait for the peer's window. */
  get queuedChunks(): number {
    return this.#transport.sctp.outboundQueue.length
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    const { sctp } = this.#transport
    await sctp.stop()
    this.#stopped = true
    sctp.onReceive.allUnsubscribe()
    sctp.onReconfigStreams.allUnsubscribe()
  }
}
