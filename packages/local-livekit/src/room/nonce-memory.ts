/** A UUID, by which a message that is sent twice is told apart, in bytes. */
export const NONCE_LENGTH = 16
/** So many are remembered, as livekit-server does. */
const MAX_NONCES = 100

/** The nonces of the last messages. */
export class NonceMemory {
  readonly #seen = new Set<string>()

  /** Whether there was a message of this nonce; from now on there was. Other lengths are none. */
  hasSeen(nonce: Uint8Array): boolean {
    if (nonce.length !== NONCE_LENGTH) return false
    const key = Buffer.from(nonce).toString('hex')
    if (this.#seen.has(key)) return true
    this.#seen.add(key)
    const [oldest] = this.#seen
    if (this.#seen.size > MAX_NONCES && oldest !== undefined) this.#seen.delete(oldest)
    return false
  }
}
