import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { DtlsClient, Event as WeriftEvent, RTCSctpTransport, type RTCDtlsTransport } from 'werift'
import { RtpPacket } from '../../src/rtp/rtp-packet.ts'
import { SRTP_KEY_LENGTHS, SRTP_PROFILES, SrtpSession } from '../../src/srtp/srtp-session.ts'
import type { DtlsCertificate } from '../../src/transport/werift.ts'
import { bindingRequest } from './binding-request.ts'

const PROFILE = SRTP_PROFILES.aeadAes128Gcm
const SCTP_PORT = 5000

/** A client's media path, nominated and with DTLS done, over which tests send what they like. */
export interface MediaPeer {
  /** A plain RTP packet; it is encrypted here. */
  sendRtp(packet: Buffer): void
  /** A plain compound RTCP packet of at least 8 bytes; it is encrypted here. */
  sendRtcp(compound: Buffer): void
  /** A message on a stream of the SCTP association. */
  sendMessage(streamId: number, ppid: number, data: Buffer): Promise<void>
  /** Bytes inside DTLS where an SCTP packet is expected. */
  sendSctp(packet: Buffer): Promise<void>
  /** A datagram as it is. */
  sendDatagram(datagram: Buffer): void
  /** The last packet that this side's SCTP association has sent. */
  readonly lastSctp: Buffer
  /** How often the server has answered a connectivity check. */
  readonly checksAnswered: number
  /** Sends another check: once it is answered the server has dealt with what was sent before. */
  check(): void
  close(): void
}

/** Builds the transport that a description of the server is about. */
export async function connectPeer(sdp: string, certificate: DtlsCertificate): Promise<MediaPeer> {
  const found = (pattern: RegExp): string => pattern.exec(sdp)?.[1] ?? ''
  const port = Number(found(/candidate:1 1 udp \d+ \S+ (\d+)/))
  const socket = createSocket('udp4')
  const sendDatagram = (datagram: Buffer): void => socket.send(datagram, port, '127.0.0.1')
  const check = (): void =>
    sendDatagram(bindingRequest(`${found(/ice-ufrag:(\S+)/)}:peer`, found(/ice-pwd:(\S+)/)))
  check()
  await once(socket, 'message')

  const dtls = new DtlsClient({
    cert: certificate.certPem,
    key: certificate.keyPem,
    signatureHash: certificate.signatureHash,
    transport: {
      type: 'udp',
      address: { address: '', port: 0, family: 'IPv4' },
      closed: false,
      onData: () => undefined,
      send: (datagram) => Promise.resolve(sendDatagram(datagram)),
      close: () => Promise.resolve(),
    },
    srtpProfiles: [PROFILE],
    extendedMasterSecret: true,
    certificateRequest: true,
  })
  let checksAnswered = 0
  socket.on('message', (datagram) => {
    const [first = 0] = datagram
    if (first <= 3) checksAnswered++
    if (first >= 20 && first <= 63) dtls.transport.socket.onData?.(datagram, ['', 0])
  })
  const connected = dtls.onConnect.asPromise()
  await dtls.connect()
  await connected

  let lastSctp: Buffer = Buffer.alloc(0)
  const bridge = {
    id: '',
    state: 'connected',
    onStateChange: new WeriftEvent<[string]>(),
    iceTransport: { role: 'controlling' },
    dataReceiver: (_packet: Buffer): void => undefined,
    sendData: (packet: Buffer) => {
      lastSctp = packet
      return dtls.send(packet)
    },
  }
  const transport = new RTCSctpTransport(SCTP_PORT)
  transport.setDtlsTransport(bridge as unknown as RTCDtlsTransport) // oxlint-disable-line typescript/no-unsafe-type-assertion -- the members of it that are used
  dtls.onData.subscribe((packet) => bridge.dataReceiver(packet))
  const { sctp } = transport
  sctp.onReceive.allUnsubscribe()
  const established = sctp.stateChanged.connected.asPromise()
  transport.setRemotePort(SCTP_PORT)
  await transport.start(SCTP_PORT)
  await established

  const lengths = SRTP_KEY_LENGTHS[PROFILE]
  const material = dtls.exportKeyingMaterial('EXTRACTOR-dtls_srtp', 2 * (lengths.key + lengths.salt))
  const part = (start: number, length: number): Buffer => material.subarray(start, start + length)
  const salts = 2 * lengths.key
  const srtp = new SrtpSession(
    PROFILE,
    { key: part(0, lengths.key), salt: part(salts, lengths.salt) },
    { key: part(lengths.key, lengths.key), salt: part(salts + lengths.salt, lengths.salt) },
  )
  return {
    sendRtp(packet) {
      const bytes = Buffer.concat([packet, Buffer.alloc(srtp.rtpOverhead)])
      const header = new RtpPacket()
      header.parseHeader(bytes, bytes.length)
      srtp.protectRtp(bytes, header.headerLength, header.ssrc, header.sequenceNumber)
      sendDatagram(bytes)
    },
    sendRtcp: (compound) => sendDatagram(srtp.protectRtcp(compound)),
    sendMessage: (streamId, ppid, data) => sctp.send(streamId, ppid, data, { ordered: true }),
    sendSctp: (packet) => dtls.send(packet),
    sendDatagram,
    get lastSctp() {
      return lastSctp
    },
    get checksAnswered() {
      return checksAnswered
    },
    check,
    close: () => socket.close(),
  }
}
