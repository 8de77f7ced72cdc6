/**
 * A header extension block with one element in the two-byte form (RFC 8285, section 4.3), which holds up to 255 bytes.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |       0x10    |    0x00       |   length in 32-bit words      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      ID       |     L         |  data …            | padding   |
 * ```
 */
const BLOCK_HEADER_LENGTH = 4
const ELEMENT_HEADER_LENGTH = 2
const TWO_BYTE_PROFILE = 0x1000

/** Length of the block for `data`, a multiple of four. */
export function extensionBlockLength(data: Buffer): number {
  return BLOCK_HEADER_LENGTH + 4 * Math.ceil((ELEMENT_HEADER_LENGTH + data.length) / 4)
}

/** Writes the block at `offset`; the caller sets the header's X bit. */
export function writeExtensionBlock(out: Buffer, offset: number, id: number, data: Buffer): void {
  const length = extensionBlockLength(data)
  out.writeUInt16BE(TWO_BYTE_PROFILE, offset)
  out.writeUInt16BE((length - BLOCK_HEADER_LENGTH) / 4, offset + 2)
  out[offset + 4] = id
  out[offset + 5] = data.length
  data.copy(out, offset + BLOCK_HEADER_LENGTH + ELEMENT_HEADER_LENGTH)
  out.fill(0, offset + BLOCK_HEADER_LENGTH + ELEMENT_HEADER_LENGTH + data.length, offset + length)
}
