/**
 * VP8 payload descriptor (RFC 7741, section 4.2).
 *
 * ```
 *       0 1 2 3 4 5 6 7
 *      +-+-+-+-+-+-+-+-+
 *      |X|R|N|S|R| PID | (required)
 *      +-+-+-+-+-+-+-+-+
 * X:   |I|L|T|K|  RSV  |
 *      +-+-+-+-+-+-+-+-+
 * I:   |M| PictureID   |  7 bits, or 15 when M
 *      +-+-+-+-+-+-+-+-+
 * L:   |   TL0PICIDX   |
 *      +-+-+-+-+-+-+-+-+
 * T/K: |TID|Y| KEYIDX  |
 *      +-+-+-+-+-+-+-+-+
 * ```
 */

/** A view of the descriptor, parsed into again and again. Offsets count from the start of the buffer. */
export class Vp8Descriptor {
  /** -1 when there is none. */
  pictureId = -1
  pictureIdOffset = -1
  hasLongPictureId = false
  /** -1 when there is none. */
  tl0PicIdx = -1
  tl0PicIdxOffset = -1
  isKeyframe = false

  /** Parses the payload between `start` and `end`; false when it is cut short. */
  parse(buffer: Buffer, start: number, end: number): boolean {
    this.pictureId = this.pictureIdOffset = this.tl0PicIdx = this.tl0PicIdxOffset = -1
    this.hasLongPictureId = this.isKeyframe = false
    if (start >= end) return false
    const required = buffer.readUInt8(start)
    let offset = start + 1
    if ((required & 0x80) !== 0) {
      if (offset >= end) return false
      const extended = buffer.readUInt8(offset++)
      if ((extended & 0x80) !== 0) {
        if (offset >= end) return false
        this.pictureIdOffset = offset
        this.hasLongPictureId = (buffer.readUInt8(offset) & 0x80) !== 0
        if (this.hasLongPictureId && offset + 2 > end) return false
        this.pictureId = this.hasLongPictureId
          ? buffer.readUInt16BE(offset) & 0x7fff
          : buffer.readUInt8(offset)
        offset += this.hasLongPictureId ? 2 : 1
      }
      if ((extended & 0x40) !== 0) {
        if (offset >= end) return false
        this.tl0PicIdxOffset = offset
        this.tl0PicIdx = buffer.readUInt8(offset++)
      }
      if ((extended & 0x30) !== 0) offset++
    }
    if (offset >= end) return false
    const startsFirstPartition = (required & 0x10) !== 0 && (required & 0x07) === 0
    // Section 4.3: the inverse key frame flag is the lowest bit of the payload header
    this.isKeyframe = startsFirstPartition && (buffer.readUInt8(offset) & 1) === 0
    return true
  }
}
