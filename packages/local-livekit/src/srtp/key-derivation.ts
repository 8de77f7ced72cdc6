/**
 * SRTP session keys (RFC 3711, section 4.3; salts of AEAD ciphers are padded as in RFC 7714, section 11).
 * The key derivation rate is 0, so keys are derived once.
 */
import { createCipheriv } from 'node:crypto'

const KEY_LENGTH = 16
const MASTER_SALT_LENGTH = 14

/** Labels of section 4.3.1 and 4.3.2. */
export const SRTP_LABELS = { key: 0, authentication: 1, salt: 2 } as const
export const SRTCP_LABELS = { key: 3, authentication: 4, salt: 5 } as const

/** AES-128 counter mode as a pseudo-random function: `length` bytes of key material for one label. */
export function deriveKey(masterKey: Buffer, masterSalt: Buffer, label: number, length: number): Buffer {
  const iv = Buffer.alloc(KEY_LENGTH)
  masterSalt.copy(iv, 0, 0, MASTER_SALT_LENGTH)
  // key_id = label || r, with r = 0 in 48 bits, right-aligned with the 112-bit salt
  iv[7] = (iv[7] ?? 0) ^ label
  return createCipheriv('aes-128-ctr', masterKey, iv).update(Buffer.alloc(length))
}
