/**
 * AES_CM_128_HMAC_SHA1_80 (RFC 3711, sections 4.1.1 and 4.2.1; RFC 5764, section 4.1.2).
 *
 * ```
 * SRTP:  | header | encrypted payload | tag (10) |         tag covers header, payload and ROC
 * SRTCP: | header and SSRC (8) | encrypted rest | E + index (4) | tag (10) |
 * ```
 */
import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey, SRTCP_LABELS, SRTP_LABELS } from './key-derivation.ts'
import {
  RTCP_CLEAR_LENGTH,
  SRTCP_E_FLAG,
  SRTCP_INDEX_LENGTH,
  type MasterKey,
  type PacketCipher,
} from './packet-cipher.ts'

const TAG_LENGTH = 10
const KEY_LENGTH = 16
const SALT_LENGTH = 14
const AUTHENTICATION_KEY_LENGTH = 20

export class AesCmSha1Cipher implements PacketCipher {
  readonly rtpOverhead = TAG_LENGTH
  readonly rtcpOverhead = TAG_LENGTH + SRTCP_INDEX_LENGTH
  readonly #rtpKey: Buffer
  readonly #rtpSalt: Buffer
  readonly #rtpAuthentication: Buffer
  readonly #rtcpKey: Buffer
  readonly #rtcpSalt: Buffer
  readonly #rtcpAuthentication: Buffer
  readonly #iv = Buffer.alloc(16)
  readonly #roc = Buffer.alloc(4)

  constructor({ key, salt }: MasterKey) {
    this.#rtpKey = deriveKey(key, salt, SRTP_LABELS.key, KEY_LENGTH)
    this.#rtpSalt = deriveKey(key, salt, SRTP_LABELS.salt, SALT_LENGTH)
    this.#rtpAuthentication = deriveKey(key, salt, SRTP_LABELS.authentication, AUTHENTICATION_KEY_LENGTH)
    this.#rtcpKey = deriveKey(key, salt, SRTCP_LABELS.key, KEY_LENGTH)
    this.#rtcpSalt = deriveKey(key, salt, SRTCP_LABELS.salt, SALT_LENGTH)
    this.#rtcpAuthentication = deriveKey(key, salt, SRTCP_LABELS.authentication, AUTHENTICATION_KEY_LENGTH)
  }

  protectRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): void {
    const end = packet.length - TAG_LENGTH
    this.#crypt(packet, headerLength, end, this.#rtpKey, this.#rtpSalt, ssrc, index)
    this.#rtpTag(packet, end, index).copy(packet, end, 0, TAG_LENGTH)
  }

  unprotectRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): number {
    const end = packet.length - TAG_LENGTH
    if (end < headerLength) return -1
    const tag = this.#rtpTag(packet, end, index).subarray(0, TAG_LENGTH)
    if (!timingSafeEqual(tag, packet.subarray(end))) return -1
    this.#crypt(packet, headerLength, end, this.#rtpKey, this.#rtpSalt, ssrc, index)
    return end
  }

  protectRtcp(packet: Buffer, ssrc: number, index: number): Buffer {
    const out = Buffer.allocUnsafe(packet.length + this.rtcpOverhead)
    packet.copy(out)
    this.#crypt(out, RTCP_CLEAR_LENGTH, packet.length, this.#rtcpKey, this.#rtcpSalt, ssrc, index)
    const end = packet.length + SRTCP_INDEX_LENGTH
    out.writeUInt32BE((SRTCP_E_FLAG | index) >>> 0, packet.length)
    createHmac('sha1', this.#rtcpAuthentication)
      .update(out.subarray(0, end))
      .digest()
      .copy(out, end, 0, TAG_LENGTH)
    return out
  }

  unprotectRtcp(packet: Buffer): { plain: Buffer; index: number } | undefined {
    const end = packet.length - TAG_LENGTH
    const plainLength = end - SRTCP_INDEX_LENGTH
    if (plainLength < RTCP_CLEAR_LENGTH) return undefined
    const tag = createHmac('sha1', this.#rtcpAuthentication)
      .update(packet.subarray(0, end))
      .digest()
      .subarray(0, TAG_LENGTH)
    if (!timingSafeEqual(tag, packet.subarray(end))) return undefined
    const flagAndIndex = packet.readUInt32BE(plainLength)
    const index = flagAndIndex & 0x7fff_ffff
    if (flagAndIndex >= SRTCP_E_FLAG)
      this.#crypt(
        packet,
        RTCP_CLEAR_LENGTH,
        plainLength,
        this.#rtcpKey,
        this.#rtcpSalt,
        packet.readUInt32BE(4),
        index,
      )
    return { plain: packet.subarray(0, plainLength), index }
  }

  /** Section 4.1.1: IV = (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16); encrypting and decrypting are the same. */
  #crypt(
    packet: Buffer,
    start: number,
    end: number,
    key: Buffer,
    salt: Buffer,
    ssrc: number,
    index: number,
  ): void {
    if (start >= end) return
    const iv = this.#iv
    salt.copy(iv)
    iv.writeUInt16BE(0, 14)
    iv.writeUInt32BE((iv.readUInt32BE(4) ^ ssrc) >>> 0, 4)
    iv.writeUInt16BE(iv.readUInt16BE(8) ^ Math.floor(index / 0x1_0000_0000), 8)
    iv.writeUInt32BE((iv.readUInt32BE(10) ^ (index >>> 0)) >>> 0, 10)
    createCipheriv('aes-128-ctr', key, iv).update(packet.subarray(start, end)).copy(packet, start)
  }

  #rtpTag(packet: Buffer, end: number, index: number): Buffer {
    this.#roc.writeUInt32BE(Math.floor(index / 0x1_0000) >>> 0)
    return createHmac('sha1', this.#rtpAuthentication)
      .update(packet.subarray(0, end))
      .update(this.#roc)
      .digest()
  }
}
