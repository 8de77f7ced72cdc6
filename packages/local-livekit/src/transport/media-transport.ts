import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { Counters } from '../counters.ts'
import { RtpPacket } from '../rtp/rtp-packet.ts'
import type { SrtpSession } from '../srtp/srtp-session.ts'
import { hasIntegrity, serializeBindingSuccess, type BindingRequest } from '../stun/stun-message.ts'
import { DataChannels } from './data-channels.ts'
import type { DatagramReceiver, UdpMux } from './udp-mux.ts'
import { DtlsEndpoint, type DtlsCertificate, type RemoteFingerprint } from './werift.ts'

/** Payload types 64 to 95 with the marker bit are RTCP packet types 192 to 223 (RFC 5761, section 4). */
function isRtcp(datagram: Buffer): boolean {
  const type = datagram[1] ?? 0
  return type >= 192 && type <= 223
}

const RTCP_MIN_LENGTH = 8

export interface MediaTransportEvents {
  /** ICE and DTLS are up: media and data can flow. */
  onConnected(): void
  /** A plain RTP packet; the object and its buffer are only valid during the call. */
  onRtp(packet: RtpPacket): void
  /** A plain compound RTCP packet. */
  onRtcp(compound: Buffer): void
  onDataMessage(label: string, data: Buffer): void
  /** The peer closed or broke a rule; the transport is already closed. */
  onFailed(reason: string): void
}

export interface MediaTransportOptions {
  mux: UdpMux
  certificate: DtlsCertificate
  counters: Counters
  logger: Logger
  events: MediaTransportEvents
}

interface IceCredentials {
  readonly ufrag: string
  readonly pwd: string
}

/**
 * One bundled media path to a client: ICE-lite (RFC 8445, section 2.5), passive DTLS, SRTP and data channels.
 * The client's candidates are not needed: its checks arrive here and show its address (peer-reflexive).
 */
export class MediaTransport implements DatagramReceiver {
  readonly #options: MediaTransportOptions
  readonly #dtls: DtlsEndpoint
  readonly #packet = new RtpPacket()
  #credentials: IceCredentials = newCredentials()
  #previousCredentials: IceCredentials | undefined
  #remoteUfrag: string | undefined
  #address = ''
  #port = 0
  #nominated = false
  #srtp: SrtpSession | undefined
  #channels: DataChannels | undefined
  #status: 'connecting' | 'connected' | 'closed' = 'connecting'
  #lastHeardMs = performance.now()

  constructor(options: MediaTransportOptions) {
    this.#options = options
    this.#dtls = new DtlsEndpoint({
      certificate: options.certificate,
      send: (datagram) => this.#send(datagram),
      onConnected: (srtp) => this.#onDtlsConnected(srtp),
      onApplicationData: (data) => this.#channels?.receivePacket(data),
      onEnded: (reason) => this.#fail(reason),
    })
    options.mux.register(this.#credentials.ufrag, this)
  }

  get connected(): boolean {
    return this.#status === 'connected'
  }

  get closed(): boolean {
    return this.#status === 'closed'
  }

  /** Milliseconds since the peer was last heard of, on the monotonic clock. */
  get silenceMs(): number {
    return performance.now() - this.#lastHeardMs
  }

  /** ICE credentials for the local description. */
  get iceUfrag(): string {
    return this.#credentials.ufrag
  }

  get icePwd(): string {
    return this.#credentials.pwd
  }

  get fingerprint(): string {
    return this.#options.certificate.fingerprint
  }

  get mediaPort(): number {
    return this.#options.mux.port
  }

  /**
   * Takes what the remote description says about the peer. A changed user name fragment is an ICE restart
   * (RFC 8839, section 4.4.3): this side takes new credentials too, and the path stays up meanwhile.
   */
  setRemote(iceUfrag: string, fingerprint: RemoteFingerprint): void {
    if (this.#remoteUfrag !== undefined && this.#remoteUfrag !== iceUfrag) this.restartIce()
    this.#remoteUfrag = iceUfrag
    this.#dtls.expect(fingerprint)
  }

  /** Takes the answer to an own offer, where an ICE restart was begun on this side. */
  setAnswer(iceUfrag: string, fingerprint: RemoteFingerprint): void {
    this.#remoteUfrag = iceUfrag
    this.#dtls.expect(fingerprint)
  }

  /** Takes new ICE credentials; the former ones are still answered until the next restart. Does nothing once closed. */
  restartIce(): void {
    if (this.#status === 'closed') return
    const { mux } = this.#options
    if (this.#previousCredentials) mux.unregister(this.#previousCredentials.ufrag)
    this.#previousCredentials = this.#credentials
    this.#credentials = newCredentials()
    this.#nominated = false
    mux.register(this.#credentials.ufrag, this)
  }

  /** Makes data channels possible on this transport; the first call counts. */
  useDataChannels(): DataChannels {
    if (this.#channels) return this.#channels
    this.#channels = new DataChannels({
      counters: this.#options.counters,
      send: (packet) => this.#dtls.sendApplicationData(packet),
      onMessage: (label, data) => this.#options.events.onDataMessage(label, data),
      onFailed: (reason) => this.#fail(reason),
    })
    this.#startChannels()
    return this.#channels
  }

  /** Sends on the data channel with this label; false when it can't take the message. */
  sendData(label: string, data: Buffer): boolean {
    return this.#channels?.send(label, data) ?? false
  }

  /** Bytes to leave free after an RTP packet for `sendRtp`. */
  get rtpOverhead(): number {
    return this.#srtp?.rtpOverhead ?? 0
  }

  /**
   * Encrypts `packet` in place and sends it. It must end with `rtpOverhead` free bytes; afterwards it may be
   * handed to `resendRtp`.
   */
  sendRtp(packet: Buffer, headerLength: number, ssrc: number, sequenceNumber: number): void {
    if (!this.#srtp || this.#status !== 'connected') return
    this.#srtp.protectRtp(packet, headerLength, ssrc, sequenceNumber)
    this.#options.mux.send(packet, this.#address, this.#port)
  }

  /** Sends a packet again that `sendRtp` has encrypted: the same packet index has the same ciphertext. */
  resendRtp(packet: Buffer): void {
    if (this.#status === 'connected') this.#send(packet)
  }

  /** Encrypts and sends a compound RTCP packet. */
  sendRtcp(compound: Buffer): void {
    if (this.#srtp && this.#status === 'connected') this.#send(this.#srtp.protectRtcp(compound))
  }

  /** Lets go of the state of an outgoing stream. */
  forgetOutbound(ssrc: number): void {
    this.#srtp?.forgetOutbound(ssrc)
  }

  close(): void {
    if (this.#status === 'closed') return
    const { mux, logger } = this.#options
    this.#channels
      ?.stop()
      .catch((error: unknown) => logger.debug({ err: error }, 'sctp did not stop cleanly'))
    this.#status = 'closed'
    this.#dtls.close()
    mux.unregister(this.#credentials.ufrag)
    if (this.#previousCredentials) mux.unregister(this.#previousCredentials.ufrag)
    mux.forget(this)
  }

  onBindingRequest(request: BindingRequest, address: string, port: number): boolean {
    const ufrag = request.username.slice(0, request.username.indexOf(':'))
    const credentials = ufrag === this.#credentials.ufrag ? this.#credentials : this.#previousCredentials
    if (!credentials || !hasIntegrity(request, credentials.pwd)) return false
    this.#lastHeardMs = performance.now()
    this.#options.mux.send(
      serializeBindingSuccess(request.transactionId, address, port, credentials.pwd),
      address,
      port,
    )
    // The first address that works carries DTLS until the client nominates one
    const isCurrent = credentials === this.#credentials
    if (this.#port === 0 || (isCurrent && (request.nominates || !this.#nominated))) {
      this.#address = address
      this.#port = port
      this.#nominated ||= request.nominates
    }
    return true
  }

  onDtls(datagram: Buffer): void {
    this.#lastHeardMs = performance.now()
    this.#dtls.receive(datagram)
  }

  onMedia(datagram: Buffer): void {
    const { counters, events } = this.#options
    const srtp = this.#srtp
    if (!srtp) return counters.add('media-before-dtls')
    if (isRtcp(datagram)) {
      if (datagram.length < RTCP_MIN_LENGTH) return counters.add('rtcp-too-short')
      const plain = srtp.unprotectRtcp(datagram)
      if (typeof plain === 'string') return counters.add(`srtcp-${plain}`)
      this.#lastHeardMs = performance.now()
      return events.onRtcp(plain)
    }
    const packet = this.#packet
    const headerReject = packet.parseHeader(datagram, datagram.length)
    if (headerReject) return counters.add(`rtp-${headerReject}`)
    const length = srtp.unprotectRtp(datagram, packet.headerLength, packet.ssrc, packet.sequenceNumber)
    if (typeof length === 'string') return counters.add(`srtp-${length}`)
    this.#lastHeardMs = performance.now()
    const payloadReject = packet.parsePayload(length)
    if (payloadReject) return counters.add(`rtp-${payloadReject}`)
    events.onRtp(packet)
  }

  #onDtlsConnected(srtp: SrtpSession): void {
    if (this.#status !== 'connecting') return
    this.#srtp = srtp
    this.#status = 'connected'
    this.#startChannels()
    this.#options.events.onConnected()
  }

  #startChannels(): void {
    if (this.#status !== 'connected') return
    this.#channels?.start().catch((error: unknown) => this.#fail(`sctp: ${String(error)}`))
  }

  #send(datagram: Buffer): void {
    if (this.#port !== 0 && this.#status !== 'closed')
      this.#options.mux.send(datagram, this.#address, this.#port)
  }

  #fail(reason: string): void {
    if (this.#status === 'closed') return
    this.close()
    this.#options.events.onFailed(reason)
  }
}

/** RFC 8839 section 5.4: at least 24 bits for the name, 128 for the password. */
function newCredentials(): IceCredentials {
  return { ufrag: randomBytes(6).toString('hex'), pwd: randomBytes(16).toString('hex') }
}
