/**
 * Sender report (RFC 3550, section 6.4.1).
 *
 * ```
 * |V=2|P|    RC   |   PT=SR=200   |             length            |
 * |                         SSRC of sender                        |
 * |              NTP timestamp, most significant word             |
 * |             NTP timestamp, least significant word             |
 * |                         RTP timestamp                         |
 * |                     sender's packet count                     |
 * |                      sender's octet count                     |
 * ```
 */
import { RTCP_TYPE, writeRtcpHeader } from './rtcp-compound.ts'

const LENGTH = 28

/** NTP times are ms on the sender's own clock (since 1900); only differences and mappings matter here. */
export interface SenderReport {
  readonly ssrc: number
  readonly ntpMs: number
  /** Middle 32 bits of the NTP timestamp, as a receiver report echoes it. */
  readonly ntpMiddle: number
  /** Ticks of the codec's clock at that time. */
  readonly rtpTimestamp: number
}

/** Parses one sender report; undefined when it is cut short. */
export function parseSenderReport(packet: Buffer): SenderReport | undefined {
  if (packet.length < LENGTH) return undefined
  const seconds = packet.readUInt32BE(8)
  const fraction = packet.readUInt32BE(12)
  return {
    ssrc: packet.readUInt32BE(4),
    ntpMs: seconds * 1000 + (fraction * 1000) / 0x1_0000_0000,
    ntpMiddle: ((seconds << 16) | (fraction >>> 16)) >>> 0,
    rtpTimestamp: packet.readUInt32BE(16),
  }
}

/** A sender report without report blocks. */
export function serializeSenderReport(
  ssrc: number,
  ntpMs: number,
  rtpTimestamp: number,
  packets: number,
  octets: number,
): Buffer {
  const packet = Buffer.alloc(LENGTH)
  writeRtcpHeader(packet, 0, RTCP_TYPE.senderReport)
  packet.writeUInt32BE(ssrc, 4)
  const seconds = Math.floor(ntpMs / 1000)
  packet.writeUInt32BE(seconds >>> 0, 8)
  packet.writeUInt32BE(Math.floor(((ntpMs - seconds * 1000) / 1000) * 0x1_0000_0000) >>> 0, 12)
  packet.writeUInt32BE(rtpTimestamp, 16)
  packet.writeUInt32BE(packets >>> 0, 20)
  packet.writeUInt32BE(octets >>> 0, 24)
  return packet
}
