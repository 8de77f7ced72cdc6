/** Which packet indexes of one stream have been seen (RFC 3711, section 3.3.2): 128 behind the highest. */
const WINDOW_SIZE = 128

export class ReplayWindow {
  #highest = -1
  readonly #seen = new Uint8Array(WINDOW_SIZE)

  /** The highest index accepted so far, -1 before the first. */
  get highest(): number {
    return this.#highest
  }

  /** True when `index` is new enough and was not accepted before. */
  isFresh(index: number): boolean {
    if (index > this.#highest) return true
    return this.#highest - index < WINDOW_SIZE && this.#seen[index % WINDOW_SIZE] === 0
  }

  /** Remembers `index`; call it only for authentic packets. */
  accept(index: number): void {
    if (index > this.#highest) {
      if (index - this.#highest >= WINDOW_SIZE) this.#seen.fill(0)
      else for (let i = this.#highest + 1; i <= index; i++) this.#seen[i % WINDOW_SIZE] = 0
      this.#highest = index
    }
    this.#seen[index % WINDOW_SIZE] = 1
  }
}
