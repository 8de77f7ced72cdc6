/**
 * Compound RTCP packets (RFC 3550, section 6.1; reduced size per RFC 5506).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P| RC / FMT|      PT       |  length in 32-bit words - 1   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */

export const RTCP_TYPE = {
  senderReport: 200,
  receiverReport: 201,
  transportFeedback: 205,
  payloadFeedback: 206,
} as const

export const RTCP_HEADER_LENGTH = 4
const VERSION = 2

export type RtcpReject = 'too-short' | 'wrong-version' | 'length-overrun'

/** One packet of a compound: `count` is the report count or feedback message type, `packet` begins at its header. */
export interface RtcpPart {
  readonly type: number
  readonly count: number
  readonly packet: Buffer
}

/** Splits a compound packet, or says why it can't be. Never throws. */
export function parseRtcpCompound(compound: Buffer): RtcpPart[] | RtcpReject {
  const parts: RtcpPart[] = []
  let offset = 0
  while (offset < compound.length) {
    if (offset + RTCP_HEADER_LENGTH > compound.length) return 'too-short'
    const first = compound.readUInt8(offset)
    if (first >> 6 !== VERSION) return 'wrong-version'
    const end = offset + RTCP_HEADER_LENGTH + 4 * compound.readUInt16BE(offset + 2)
    if (end > compound.length) return 'length-overrun'
    parts.push({
      type: compound.readUInt8(offset + 1),
      count: first & 0x1f,
      packet: compound.subarray(offset, end),
    })
    offset = end
  }
  return parts
}

/** Writes the common header over the first four bytes of a packet whose length is final. */
export function writeRtcpHeader(packet: Buffer, count: number, type: number): void {
  packet[0] = (VERSION << 6) | count
  packet[1] = type
  packet.writeUInt16BE(packet.length / 4 - 1, 2)
}
