/**
 * STUN messages (RFC 8489, section 5), as far as an ICE-lite agent (RFC 8445, section 2.5) needs them.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|     STUN Message Type     |         Message Length        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Magic Cookie                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Transaction ID (96 bits)                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { crc32 } from './crc32.ts'

const HEADER_LENGTH = 20
const MAGIC_COOKIE = 0x2112a442
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101
const INTEGRITY_LENGTH = 20
const FINGERPRINT_XOR = 0x5354554e

/** Attribute types (RFC 8489 section 18.3, RFC 8445 section 16.1). */
const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  xorMappedAddress: 0x0020,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
} as const

/** Why bytes were no usable Binding request. */
export type StunReject =
  | 'too-short'
  | 'no-magic-cookie'
  | 'length-mismatch'
  | 'not-a-binding-request'
  | 'attribute-overrun'
  | 'no-username'
  | 'no-integrity'

/** A Binding request whose structure is sound; its integrity is checked against a password afterwards. */
export interface BindingRequest {
  readonly bytes: Buffer
  readonly transactionId: Buffer
  /** `<ufrag of the receiver>:<ufrag of the sender>` */
  readonly username: string
  /** The controlling side nominates this address (RFC 8445, section 7.1.2). */
  readonly nominates: boolean
  /** Offset of the MESSAGE-INTEGRITY attribute; everything before it is covered. */
  readonly integrityOffset: number
}

/** Parses a Binding request, or says why the bytes are none. Never throws. */
export function parseBindingRequest(bytes: Buffer): BindingRequest | StunReject {
  if (bytes.length < HEADER_LENGTH) return 'too-short'
  if (bytes.readUInt32BE(4) !== MAGIC_COOKIE) return 'no-magic-cookie'
  if (bytes.readUInt16BE(2) !== bytes.length - HEADER_LENGTH) return 'length-mismatch'
  if (bytes.readUInt16BE(0) !== BINDING_REQUEST) return 'not-a-binding-request'
  let username: string | undefined
  let nominates = false
  let integrityOffset = -1
  let offset = HEADER_LENGTH
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length) return 'attribute-overrun'
    const type = bytes.readUInt16BE(offset)
    const length = bytes.readUInt16BE(offset + 2)
    const end = offset + 4 + length
    if (end > bytes.length) return 'attribute-overrun'
    // Section 14.5: attributes after MESSAGE-INTEGRITY are not covered and must be ignored
    if (integrityOffset < 0) {
      if (type === ATTRIBUTE.username) username = bytes.toString('utf8', offset + 4, end)
      else if (type === ATTRIBUTE.useCandidate) nominates = true
      else if (type === ATTRIBUTE.messageIntegrity && length === INTEGRITY_LENGTH) integrityOffset = offset
    }
    offset = end + ((4 - (length % 4)) % 4)
  }
  if (username === undefined) return 'no-username'
  if (integrityOffset < 0) return 'no-integrity'
  return { bytes, transactionId: bytes.subarray(8, HEADER_LENGTH), username, nominates, integrityOffset }
}

/** Checks MESSAGE-INTEGRITY with the short-term credential `password` (section 14.5). */
export function hasIntegrity(request: BindingRequest, password: string): boolean {
  const covered = Buffer.from(request.bytes.subarray(0, request.integrityOffset))
  // The header's length is taken as if the message ended with this attribute
  covered.writeUInt16BE(request.integrityOffset - HEADER_LENGTH + 4 + INTEGRITY_LENGTH, 2)
  const expected = createHmac('sha1', password).update(covered).digest()
  const start = request.integrityOffset + 4
  return timingSafeEqual(expected, request.bytes.subarray(start, start + INTEGRITY_LENGTH))
}

/**
 * Builds the Binding success response that tells the sender how it is seen.
 * @param address dotted IPv4 address the request came from
 */
export function serializeBindingSuccess(
  transactionId: Buffer,
  address: string,
  port: number,
  password: string,
): Buffer {
  const mapped = 12
  const bytes = Buffer.alloc(HEADER_LENGTH + mapped + 4 + INTEGRITY_LENGTH + 8)
  bytes.writeUInt16BE(BINDING_SUCCESS, 0)
  bytes.writeUInt32BE(MAGIC_COOKIE, 4)
  transactionId.copy(bytes, 8)
  let offset = HEADER_LENGTH
  bytes.writeUInt16BE(ATTRIBUTE.xorMappedAddress, offset)
  bytes.writeUInt16BE(8, offset + 2)
  bytes[offset + 5] = 0x01 // IPv4
  bytes.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), offset + 6)
  bytes.writeUInt32BE((ipv4ToNumber(address) ^ MAGIC_COOKIE) >>> 0, offset + 8)
  offset += mapped
  bytes.writeUInt16BE(offset - HEADER_LENGTH + 4 + INTEGRITY_LENGTH, 2)
  const integrity = createHmac('sha1', password).update(bytes.subarray(0, offset)).digest()
  bytes.writeUInt16BE(ATTRIBUTE.messageIntegrity, offset)
  bytes.writeUInt16BE(INTEGRITY_LENGTH, offset + 2)
  integrity.copy(bytes, offset + 4)
  offset += 4 + INTEGRITY_LENGTH
  bytes.writeUInt16BE(bytes.length - HEADER_LENGTH, 2)
  const crc = crc32(bytes.subarray(0, offset))
  bytes.writeUInt16BE(ATTRIBUTE.fingerprint, offset)
  bytes.writeUInt16BE(4, offset + 2)
  bytes.writeUInt32BE((crc ^ FINGERPRINT_XOR) >>> 0, offset + 4)
  return bytes
}

function ipv4ToNumber(address: string): number {
  let value = 0
  for (const part of address.split('.')) value = value * 256 + Number(part)
  return value >>> 0
}
