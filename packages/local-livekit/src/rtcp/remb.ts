/**
 * Receiver Estimated Maximum Bitrate (draft-alvestrand-rmcat-remb-03, section 2.2).
 *
 * ```
 * |V=2|P| FMT=15  |   PT=206      |             length            |
 * |                  SSRC of packet sender                        |
 * |                  SSRC of media source = 0                     |
 * |  Unique identifier 'R' 'E' 'M' 'B'                            |
 * |  Num SSRC     | BR Exp    |  BR Mantissa                      |
 * |   SSRC feedback …                                             |
 * ```
 */
import { RTCP_TYPE, writeRtcpHeader } from './rtcp-compound.ts'

const FORMAT = 15
const HEADER_LENGTH = 20
const MANTISSA_LIMIT = 1 << 18
const MAX_SSRCS = 255

/** Tells the sender of `ssrcs` that `bitrateBps` in all is fine. */
export function serializeRemb(senderSsrc: number, bitrateBps: number, ssrcs: readonly number[]): Buffer {
  const count = Math.min(ssrcs.length, MAX_SSRCS)
  const packet = Buffer.alloc(HEADER_LENGTH + 4 * count)
  writeRtcpHeader(packet, FORMAT, RTCP_TYPE.payloadFeedback)
  packet.writeUInt32BE(senderSsrc, 4)
  packet.write('REMB', 12, 'latin1')
  let exponent = 0
  let mantissa = Math.floor(bitrateBps)
  while (mantissa >= MANTISSA_LIMIT) {
    mantissa = Math.floor(mantissa / 2)
    exponent++
  }
  packet[16] = count
  packet[17] = (exponent << 2) | (mantissa >> 16)
  packet.writeUInt16BE(mantissa & 0xffff, 18)
  for (let i = 0; i < count; i++) packet.writeUInt32BE(ssrcs[i] ?? 0, HEADER_LENGTH + 4 * i)
  return packet
}
