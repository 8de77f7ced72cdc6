/**
 * Data Channel Establishment Protocol (RFC 8832, section 5).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Message Type |  Channel Type |            Priority           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Reliability Parameter                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Label Length          |       Protocol Length         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Label, then Protocol                      |
 * ```
 */

/** Payload protocol identifiers (RFC 8831, section 8). */
export const PPID = { dcep: 50, string: 51, binary: 53, stringEmpty: 56, binaryEmpty: 57 } as const

const OPEN = 0x03
const ACK = 0x02
const OPEN_HEADER_LENGTH = 12
const UNORDERED = 0x80
const PARTIAL_RETRANSMIT = 0x01

export interface ChannelOpen {
  readonly label: string
  readonly ordered: boolean
  /** Only for channels limited by a number of retransmissions. */
  readonly maxRetransmits: number | undefined
}

export type DcepReject = 'dcep-too-short' | 'dcep-unknown-type' | 'dcep-length-mismatch'

/** Parses an OPEN or ACK message, or says why it is neither. Never throws. */
export function parseDcep(data: Buffer): { type: 'open'; open: ChannelOpen } | { type: 'ack' } | DcepReject {
  if (data.length < 1) return 'dcep-too-short'
  if (data[0] === ACK) return { type: 'ack' }
  if (data[0] !== OPEN) return 'dcep-unknown-type'
  if (data.length < OPEN_HEADER_LENGTH) return 'dcep-too-short'
  const channelType = data.readUInt8(1)
  const labelEnd = OPEN_HEADER_LENGTH + data.readUInt16BE(8)
  if (labelEnd + data.readUInt16BE(10) > data.length) return 'dcep-length-mismatch'
  const label = data.toString('utf8', OPEN_HEADER_LENGTH, labelEnd)
  const limited = (channelType & 0x7f) === PARTIAL_RETRANSMIT
  return {
    type: 'open',
    open: {
      label,
      ordered: (channelType & UNORDERED) === 0,
      maxRetransmits: limited ? data.readUInt32BE(4) : undefined,
    },
  }
}

export function serializeDcepOpen({ label, ordered, maxRetransmits }: ChannelOpen): Buffer {
  const labelBytes = Buffer.from(label)
  const data = Buffer.alloc(OPEN_HEADER_LENGTH + labelBytes.length)
  data[0] = OPEN
  data[1] = (ordered ? 0 : UNORDERED) | (maxRetransmits === undefined ? 0 : PARTIAL_RETRANSMIT)
  data.writeUInt32BE(maxRetransmits ?? 0, 4)
  data.writeUInt16BE(labelBytes.length, 8)
  labelBytes.copy(data, OPEN_HEADER_LENGTH)
  return data
}

export function serializeDcepAck(): Buffer {
  return Buffer.from([ACK])
}
