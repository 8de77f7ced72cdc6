/**
 * The outer form of SCTP packets (RFC 9260, section 3): lengths by which a reader moves on.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Source Port Number        |     Destination Port Number   |
 * |                      Verification Tag                         |
 * |                           Checksum                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Chunk Type  |  Chunk Flags  |  Chunk Length with this header|
 * |  Value, padded to 4 bytes; the next chunk follows             |
 * ```
 */
const COMMON_HEADER_LENGTH = 12
const CHUNK_HEADER_LENGTH = 4
const PARAMETER_HEADER_LENGTH = 4

/** Chunks that end in parameters (type, length with this header, value), and where in their value these begin. */
const PARAMETERS_AT: Readonly<Record<number, number | undefined>> = {
  1: 16, // INIT
  2: 16, // INIT ACK
  4: 0, // HEARTBEAT
  5: 0, // HEARTBEAT ACK
  6: 0, // ABORT
  9: 0, // ERROR
  130: 0, // RE-CONFIG (RFC 6525, section 3.1)
}
const SACK = 3
/** Cumulative TSN, window, and the numbers of gap blocks and duplicates (section 3.3.4). */
const SACK_GAPS_AT = 12
const GAP_BLOCK_LENGTH = 4
/** Gap blocks are distinct and count in 16 bits from one TSN. */
const MAX_GAP_TSNS = 0xffff

export type SctpReject = 'sctp-too-short' | 'sctp-chunk-length' | 'sctp-parameter-length' | 'sctp-gap-blocks'

/** Says what is wrong with the form of a packet, if anything. Never throws. */
export function findSctpFault(packet: Buffer): SctpReject | undefined {
  if (packet.length < COMMON_HEADER_LENGTH + CHUNK_HEADER_LENGTH) return 'sctp-too-short'
  let offset = COMMON_HEADER_LENGTH
  while (offset + CHUNK_HEADER_LENGTH <= packet.length) {
    const type = packet.readUInt8(offset)
    const length = packet.readUInt16BE(offset + 2)
    if (length < CHUNK_HEADER_LENGTH || offset + length > packet.length) return 'sctp-chunk-length'
    const value = packet.subarray(offset + CHUNK_HEADER_LENGTH, offset + length)
    const parametersAt = PARAMETERS_AT[type]
    if (parametersAt !== undefined && !areParametersSound(value.subarray(parametersAt)))
      return 'sctp-parameter-length'
    if (type === SACK && !areGapsSound(value)) return 'sctp-gap-blocks'
    offset += padded(length)
  }
  return undefined
}

function areParametersSound(parameters: Buffer): boolean {
  let offset = 0
  while (offset + PARAMETER_HEADER_LENGTH <= parameters.length) {
    const length = parameters.readUInt16BE(offset + 2)
    if (length < PARAMETER_HEADER_LENGTH || offset + length > parameters.length) return false
    offset += padded(length)
  }
  return true
}

/** Each block names the first and the last TSN of a run, and a reader walks through all of them. */
function areGapsSound(sack: Buffer): boolean {
  if (sack.length < SACK_GAPS_AT) return false
  const count = sack.readUInt16BE(8)
  if (SACK_GAPS_AT + GAP_BLOCK_LENGTH * count > sack.length) return false
  let tsns = 0
  for (let i = 0; i < count; i++) {
    const offset = SACK_GAPS_AT + GAP_BLOCK_LENGTH * i
    const [first, last] = [sack.readUInt16BE(offset), sack.readUInt16BE(offset + 2)]
    if (last < first) return false
    tsns += last - first + 1
  }
  return tsns <= MAX_GAP_TSNS
}

function padded(length: number): number {
  return length + ((4 - (length % 4)) % 4)
}
