/**
 * Receiver report (RFC 3550, section 6.4.2) and its report blocks.
 *
 * ```
 * |                 SSRC_n (SSRC of the source)                   |
 * | fraction lost |       cumulative number of packets lost       |
 * |           extended highest sequence number received           |
 * |                      interarrival jitter                      |
 * |                         last SR (LSR)                         |
 * |                   delay since last SR (DLSR)                  |
 * ```
 */
import { RTCP_TYPE, writeRtcpHeader } from './rtcp-compound.ts'

const HEADER_LENGTH = 8
const BLOCK_LENGTH = 24
const MAX_BLOCKS = 31

export interface ReportBlock {
  readonly ssrc: number
  /** Lost since the last report, in 1/256. */
  readonly fractionLost: number
  readonly cumulativeLost: number
  readonly extendedHighest: number
  /** Interarrival jitter in ticks of the codec's clock. */
  readonly jitter: number
  readonly lastSenderReport: number
  /** In 1/65536 s. */
  readonly delaySinceLastSenderReport: number
}

/** Serialises up to 31 blocks; further ones are left for the next report. */
export function serializeReceiverReport(senderSsrc: number, blocks: readonly ReportBlock[]): Buffer {
  const count = Math.min(blocks.length, MAX_BLOCKS)
  const packet = Buffer.alloc(HEADER_LENGTH + BLOCK_LENGTH * count)
  writeRtcpHeader(packet, count, RTCP_TYPE.receiverReport)
  packet.writeUInt32BE(senderSsrc, 4)
  for (let i = 0; i < count; i++) {
    const block = blocks[i]
    if (!block) break
    const offset = HEADER_LENGTH + BLOCK_LENGTH * i
    packet.writeUInt32BE(block.ssrc, offset)
    packet.writeUInt32BE(((block.fractionLost << 24) | (block.cumulativeLost & 0xff_ffff)) >>> 0, offset + 4)
    packet.writeUInt32BE(block.extendedHighest >>> 0, offset + 8)
    packet.writeUInt32BE(block.jitter >>> 0, offset + 12)
    packet.writeUInt32BE(block.lastSenderReport >>> 0, offset + 16)
    packet.writeUInt32BE(block.delaySinceLastSenderReport >>> 0, offset + 20)
  }
  return packet
}

/**
 * The report blocks of a sender or receiver report.
 * @param firstBlock offset of the first block: 8 in a receiver report, 28 in a sender report
 */
export function parseReportBlocks(packet: Buffer, count: number, firstBlock: 8 | 28): ReportBlock[] {
  const blocks: ReportBlock[] = []
  for (
    let i = 0, offset = firstBlock;
    i < count && offset + BLOCK_LENGTH <= packet.length;
    i++, offset += BLOCK_LENGTH
  )
    blocks.push({
      ssrc: packet.readUInt32BE(offset),
      fractionLost: packet.readUInt8(offset + 4),
      cumulativeLost: packet.readUIntBE(offset + 5, 3),
      extendedHighest: packet.readUInt32BE(offset + 8),
      jitter: packet.readUInt32BE(offset + 12),
      lastSenderReport: packet.readUInt32BE(offset + 16),
      delaySinceLastSenderReport: packet.readUInt32BE(offset + 20),
    })
  return blocks
}
