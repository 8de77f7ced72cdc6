/**
 * Generic NACK (RFC 4585, section 6.2.1).
 *
 * ```
 * |V=2|P|  FMT=1  |  PT=RTPFB=205 |             length            |
 * |                  SSRC of packet sender                        |
 * |                  SSRC of media source                         |
 * |            PID                |             BLP               |
 * ```
 */
import { uint16 } from '../serial-number.ts'
import { RTCP_TYPE, writeRtcpHeader } from './rtcp-compound.ts'

export const NACK_FORMAT = 1
const HEADER_LENGTH = 12
const ENTRY_LENGTH = 4
const BITMASK_SIZE = 16

export interface Nack {
  readonly mediaSsrc: number
  readonly sequenceNumbers: number[]
}

/** Parses one NACK; undefined when it is cut short. Sequence numbers wrap at 16 bits. */
export function parseNack(packet: Buffer): Nack | undefined {
  if (packet.length < HEADER_LENGTH) return undefined
  const sequenceNumbers: number[] = []
  for (let offset = HEADER_LENGTH; offset + ENTRY_LENGTH <= packet.length; offset += ENTRY_LENGTH) {
    const first = packet.readUInt16BE(offset)
    const following = packet.readUInt16BE(offset + 2)
    sequenceNumbers.push(first)
    for (let bit = 0; bit < BITMASK_SIZE; bit++)
      if (following & (1 << bit)) sequenceNumbers.push(uint16(first + bit + 1))
  }
  return { mediaSsrc: packet.readUInt32BE(8), sequenceNumbers }
}

/** Asks for `sequenceNumbers`, given in ascending (circular) order. */
export function serializeNack(
  senderSsrc: number,
  mediaSsrc: number,
  sequenceNumbers: readonly number[],
): Buffer {
  const entries: { first: number; following: number }[] = []
  for (const sequenceNumber of sequenceNumbers) {
    const last = entries.at(-1)
    const distance = last ? uint16(sequenceNumber - last.first) : 0
    if (last && distance >= 1 && distance <= BITMASK_SIZE) last.following |= 1 << (distance - 1)
    else entries.push({ first: sequenceNumber, following: 0 })
  }
  const packet = Buffer.alloc(HEADER_LENGTH + ENTRY_LENGTH * entries.length)
  writeRtcpHeader(packet, NACK_FORMAT, RTCP_TYPE.transportFeedback)
  packet.writeUInt32BE(senderSsrc, 4)
  packet.writeUInt32BE(mediaSsrc, 8)
  for (const [i, { first, following }] of entries.entries()) {
    packet.writeUInt16BE(first, HEADER_LENGTH + ENTRY_LENGTH * i)
    packet.writeUInt16BE(following, HEADER_LENGTH + ENTRY_LENGTH * i + 2)
  }
  return packet
}
