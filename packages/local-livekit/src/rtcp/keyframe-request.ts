/**
 * Requests for a key frame: Picture Loss Indication (RFC 4585, section 6.3.1) and Full Intra Request
 * (RFC 5104, section 4.3.1), which names its target in its entries.
 *
 * ```
 * |V=2|P|  FMT    |   PT=PSFB=206 |             length            |
 * |                  SSRC of packet sender                        |
 * |                  SSRC of media source (0 in FIR)              |
 * |  FIR only: SSRC               | Seq nr. |      Reserved       |
 * ```
 */
import { RTCP_TYPE, writeRtcpHeader } from './rtcp-compound.ts'

const PLI_FORMAT = 1
const FIR_FORMAT = 4
const PLI_LENGTH = 12
const FIR_ENTRY_LENGTH = 8

/** SSRCs for which a payload-specific feedback message asks a key frame; none when it is another message. */
export function parseKeyframeRequest(format: number, packet: Buffer): number[] {
  if (packet.length < PLI_LENGTH) return []
  if (format === PLI_FORMAT) return [packet.readUInt32BE(8)]
  if (format !== FIR_FORMAT) return []
  const ssrcs: number[] = []
  for (let offset = PLI_LENGTH; offset + FIR_ENTRY_LENGTH <= packet.length; offset += FIR_ENTRY_LENGTH)
    ssrcs.push(packet.readUInt32BE(offset))
  return ssrcs
}

export function serializePli(senderSsrc: number, mediaSsrc: number): Buffer {
  const packet = Buffer.alloc(PLI_LENGTH)
  writeRtcpHeader(packet, PLI_FORMAT, RTCP_TYPE.payloadFeedback)
  packet.writeUInt32BE(senderSsrc, 4)
  packet.writeUInt32BE(mediaSsrc, 8)
  return packet
}
