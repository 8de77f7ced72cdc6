/**
 * AEAD_AES_128_GCM (RFC 7714).
 *
 * ```
 * SRTP:  | header (associated data) | ciphertext | tag (16) |
 * SRTCP: | header and SSRC (8) | ciphertext | tag (16) | E + index (4) |     associated: first 8 bytes, E + index
 * ```
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { deriveKey, SRTCP_LABELS, SRTP_LABELS } from './key-derivation.ts'
import {
  RTCP_CLEAR_LENGTH,
  SRTCP_E_FLAG,
  SRTCP_INDEX_LENGTH,
  type MasterKey,
  type PacketCipher,
} from './packet-cipher.ts'

const ALGORITHM = 'aes-128-gcm'
const TAG_LENGTH = 16
const KEY_LENGTH = 16
const SALT_LENGTH = 12
const PADDED_SALT_LENGTH = 14
const OPTIONS = { authTagLength: TAG_LENGTH }

export class AesGcmCipher implements PacketCipher {
  readonly rtpOverhead = TAG_LENGTH
  readonly rtcpOverhead = TAG_LENGTH + SRTCP_INDEX_LENGTH
  readonly #rtpKey: Buffer
  readonly #rtpSalt: Buffer
  readonly #rtcpKey: Buffer
  readonly #rtcpSalt: Buffer
  readonly #iv = Buffer.alloc(SALT_LENGTH)

  constructor(master: MasterKey) {
    const salt = Buffer.alloc(PADDED_SALT_LENGTH)
    master.salt.copy(salt)
    this.#rtpKey = deriveKey(master.key, salt, SRTP_LABELS.key, KEY_LENGTH)
    this.#rtpSalt = deriveKey(master.key, salt, SRTP_LABELS.salt, SALT_LENGTH)
    this.#rtcpKey = deriveKey(master.key, salt, SRTCP_LABELS.key, KEY_LENGTH)
    this.#rtcpSalt = deriveKey(master.key, salt, SRTCP_LABELS.salt, SALT_LENGTH)
  }

  protectRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): void {
    const end = packet.length - TAG_LENGTH
    const cipher = createCipheriv(ALGORITHM, this.#rtpKey, this.#rtpIv(ssrc, index), OPTIONS)
    cipher.setAAD(packet.subarray(0, headerLength))
    cipher.update(packet.subarray(headerLength, end)).copy(packet, headerLength)
    cipher.final()
    cipher.getAuthTag().copy(packet, end)
  }

  unprotectRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): number {
    const end = packet.length - TAG_LENGTH
    if (end < headerLength) return -1
    const plain = this.#open(
      this.#rtpKey,
      this.#rtpIv(ssrc, index),
      packet.subarray(0, headerLength),
      packet.subarray(headerLength, end),
      packet.subarray(end),
    )
    if (!plain) return -1
    plain.copy(packet, headerLength)
    return end
  }

  protectRtcp(packet: Buffer, ssrc: number, index: number): Buffer {
    const out = Buffer.allocUnsafe(packet.length + this.rtcpOverhead)
    const trailer = packet.length + TAG_LENGTH
    packet.copy(out, 0, 0, RTCP_CLEAR_LENGTH)
    out.writeUInt32BE((SRTCP_E_FLAG | index) >>> 0, trailer)
    const cipher = createCipheriv(ALGORITHM, this.#rtcpKey, this.#rtcpIv(ssrc, index), OPTIONS)
    cipher.setAAD(Buffer.concat([out.subarray(0, RTCP_CLEAR_LENGTH), out.subarray(trailer)]))
    cipher.update(packet.subarray(RTCP_CLEAR_LENGTH)).copy(out, RTCP_CLEAR_LENGTH)
    cipher.final()
    cipher.getAuthTag().copy(out, packet.length)
    return out
  }

  unprotectRtcp(packet: Buffer): { plain: Buffer; index: number } | undefined {
    const trailer = packet.length - SRTCP_INDEX_LENGTH
    const plainLength = trailer - TAG_LENGTH
    if (plainLength < RTCP_CLEAR_LENGTH) return undefined
    const flagAndIndex = packet.readUInt32BE(trailer)
    // Browsers always encrypt; an unencrypted but authenticated form (section 9.2) is not taken
    if (flagAndIndex < SRTCP_E_FLAG) return undefined
    const index = flagAndIndex & 0x7fff_ffff
    const plain = this.#open(
      this.#rtcpKey,
      this.#rtcpIv(packet.readUInt32BE(4), index),
      Buffer.concat([packet.subarray(0, RTCP_CLEAR_LENGTH), packet.subarray(trailer)]),
      packet.subarray(RTCP_CLEAR_LENGTH, plainLength),
      packet.subarray(plainLength, trailer),
    )
    if (!plain) return undefined
    plain.copy(packet, RTCP_CLEAR_LENGTH)
    return { plain: packet.subarray(0, plainLength), index }
  }

  #open(key: Buffer, iv: Buffer, associated: Buffer, ciphertext: Buffer, tag: Buffer): Buffer | undefined {
    const decipher = createDecipheriv(ALGORITHM, key, iv, OPTIONS)
    decipher.setAAD(associated)
    decipher.setAuthTag(tag)
    const plain = decipher.update(ciphertext)
    try {
      decipher.final()
    } catch {
      // The only way Node reports a wrong tag; the caller counts it
      return undefined
    }
    return plain
  }

  /** Section 8.1: 00 00 | SSRC | ROC | SEQ, XOR salt. */
  #rtpIv(ssrc: number, index: number): Buffer {
    const iv = this.#iv
    this.#rtpSalt.copy(iv)
    iv.writeUInt32BE((iv.readUInt32BE(2) ^ ssrc) >>> 0, 2)
    iv.writeUInt32BE((iv.readUInt32BE(6) ^ Math.floor(index / 0x1_0000)) >>> 0, 6)
    iv.writeUInt16BE(iv.readUInt16BE(10) ^ (index & 0xffff), 10)
    return iv
  }

  /** Section 9.1: 00 00 | SSRC | 00 00 | index, XOR salt. */
  #rtcpIv(ssrc: number, index: number): Buffer {
    const iv = this.#iv
    this.#rtcpSalt.copy(iv)
    iv.writeUInt32BE((iv.readUInt32BE(2) ^ ssrc) >>> 0, 2)
    iv.writeUInt32BE((iv.readUInt32BE(8) ^ index) >>> 0, 8)
    return iv
  }
}
