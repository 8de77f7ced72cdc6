/** Largest data channel message that is taken (RFC 8841, section 6), in bytes. */
export const MAX_MESSAGE_SIZE_BYTES = 262_144

/** What a local description says of the transport, the same in each section (BUNDLE, RFC 9143). */
export interface LocalTransport {
  readonly iceUfrag: string
  readonly icePwd: string
  /** SHA-256 fingerprint of the DTLS certificate. */
  readonly fingerprint: string
  /** Addresses to advertise, the preferred one first. */
  readonly addresses: readonly string[]
  readonly port: number
}

const HOST_TYPE_PREFERENCE = 126
const MAX_LOCAL_PREFERENCE = 65_535

/** RFC 8445 section 5.1.2.1, for component 1. */
function hostPriority(index: number): number {
  return HOST_TYPE_PREFERENCE * 2 ** 24 + (MAX_LOCAL_PREFERENCE - index) * 2 ** 8 + 255
}

/** The ICE (RFC 8839) and DTLS (RFC 8842) lines of a section. */
export function transportLines(transport: LocalTransport, setup: 'passive' | 'actpass'): string[] {
  return [
    `a=ice-ufrag:${transport.iceUfrag}`,
    `a=ice-pwd:${transport.icePwd}`,
    `a=fingerprint:sha-256 ${transport.fingerprint}`,
    `a=setup:${setup}`,
    ...transport.addresses.map(
      (address, index) =>
        `a=candidate:${index + 1} 1 udp ${hostPriority(index)} ${address} ${transport.port} typ host`,
    ),
    'a=end-of-candidates',
  ]
}

/** The lines before the first section. */
export function sessionLines(version: number, mids: readonly string[]): string[] {
  return [
    'v=0',
    `o=- 4611731400430051336 ${version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mids.join(' ')}`,
    'a=ice-lite',
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS *',
  ]
}

/** The section of the data channels (RFC 8841). */
export function applicationLines(
  mid: string,
  transport: LocalTransport,
  setup: 'passive' | 'actpass',
): string[] {
  return [
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    ...transportLines(transport, setup),
    'a=sctp-port:5000',
    `a=max-message-size:${MAX_MESSAGE_SIZE_BYTES}`,
  ]
}
