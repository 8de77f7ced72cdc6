/**
 * RTP packets (RFC 3550, section 5.1) with header extensions (RFC 8285).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                             SSRC                              |
 * +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
 * |                            CSRCs …                            |
 * ```
 */

export const RTP_HEADER_LENGTH = 12
const VERSION = 2
const ONE_BYTE_PROFILE = 0xbede
const TWO_BYTE_PROFILE = 0x1000
const ONE_BYTE_STOP_ID = 15

export type RtpReject =
  'too-short' | 'wrong-version' | 'csrc-overrun' | 'extension-overrun' | 'padding-overrun'

/**
 * A view of one packet. It is parsed into again and again, so that receiving a packet allocates nothing;
 * its fields are only meaningful after a parse that returned no reason.
 */
export class RtpPacket {
  buffer: Buffer = Buffer.alloc(0)
  marker = false
  payloadType = 0
  sequenceNumber = 0
  timestamp = 0
  ssrc = 0
  /** Length of header, CSRCs and extensions: where the payload starts. */
  headerLength = 0
  /** Offset after the payload, without padding. */
  payloadEnd = 0
  #extensionProfile = 0
  #extensionStart = 0
  #extensionEnd = 0

  get payloadLength(): number {
    return this.payloadEnd - this.headerLength
  }

  /** Reads everything that is not encrypted in SRTP. Returns why the packet is unusable, if it is. */
  parseHeader(buffer: Buffer, length: number): RtpReject | undefined {
    if (length < RTP_HEADER_LENGTH) return 'too-short'
    const first = buffer.readUInt8(0)
    if (first >> 6 !== VERSION) return 'wrong-version'
    const second = buffer.readUInt8(1)
    this.buffer = buffer
    this.marker = (second & 0x80) !== 0
    this.payloadType = second & 0x7f
    this.sequenceNumber = buffer.readUInt16BE(2)
    this.timestamp = buffer.readUInt32BE(4)
    this.ssrc = buffer.readUInt32BE(8)
    let offset = RTP_HEADER_LENGTH + 4 * (first & 0x0f)
    if (offset > length) return 'csrc-overrun'
    this.#extensionProfile = 0
    this.#extensionStart = this.#extensionEnd = offset
    if ((first & 0x10) !== 0) {
      if (offset + 4 > length) return 'extension-overrun'
      this.#extensionProfile = buffer.readUInt16BE(offset)
      this.#extensionStart = offset + 4
      this.#extensionEnd = offset = offset + 4 + 4 * buffer.readUInt16BE(offset + 2)
      if (offset > length) return 'extension-overrun'
    }
    this.headerLength = offset
    this.payloadEnd = length
    return undefined
  }

  /** Reads what needs the plain payload: the padding. `length` is that of the plain packet. */
  parsePayload(length: number): RtpReject | undefined {
    this.payloadEnd = length
    if ((this.buffer.readUInt8(0) & 0x20) === 0) return undefined
    const padding = length > this.headerLength ? this.buffer.readUInt8(length - 1) : 0
    if (padding === 0 || length - padding < this.headerLength) return 'padding-overrun'
    this.payloadEnd = length - padding
    return undefined
  }

  /** The bytes of header extension `id` (RFC 8285 sections 4.2 and 4.3), or undefined when it is not there. */
  extension(id: number): Buffer | undefined {
    const { buffer } = this
    const oneByte = this.#extensionProfile === ONE_BYTE_PROFILE
    if (id <= 0 || (!oneByte && (this.#extensionProfile & 0xfff0) !== TWO_BYTE_PROFILE)) return undefined
    let offset = this.#extensionStart
    const end = this.#extensionEnd
    while (offset < end) {
      const head = buffer.readUInt8(offset)
      if (head === 0) {
        offset += 1
        continue
      }
      let foundId = head
      let length: number
      if (oneByte) {
        foundId = head >> 4
        if (foundId === ONE_BYTE_STOP_ID) return undefined
        length = (head & 0x0f) + 1
        offset += 1
      } else {
        if (offset + 2 > end) return undefined
        length = buffer.readUInt8(offset + 1)
        offset += 2
      }
      if (offset + length > end) return undefined
      if (foundId === id) return buffer.subarray(offset, offset + length)
      offset += length
    }
    return undefined
  }
}
