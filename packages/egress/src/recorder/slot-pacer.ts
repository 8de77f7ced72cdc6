export interface SlotPacerOptions {
  slotsPerSecond: number
  /** Called once per slot that is due, with the slot's number. An error ends the pacing. */
  onSlot: (slot: number) => void
  onError: (error: unknown) => void
}

/**
 * Calls once per slot of a constant rate, by the monotonic clock from when it is started. If the process was
 * held up, slots are skipped rather than made up: time stamps jump, and the picture before is shown longer.
 */
export class SlotPacer {
  readonly #options: SlotPacerOptions
  #startedAt = Number.NaN
  #next = 0
  #timer: NodeJS.Timeout | undefined
  #running = false
  /** Slots that went by while the process was held up. */
  skipped = 0

  constructor(options: SlotPacerOptions) {
    this.#options = options
  }

  /** Seconds since the start; negative before. */
  get nowSeconds(): number {
    return Number.isNaN(this.#startedAt) ? -1 : (performance.now() - this.#startedAt) / 1000
  }

  start(): void {
    this.#startedAt = performance.now()
    this.#running = true
    this.#schedule()
  }

  stop(): void {
    this.#running = false
    clearTimeout(this.#timer)
  }

  #schedule(): void {
    const dueAt = this.#startedAt + (this.#next * 1000) / this.#options.slotsPerSecond
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, dueAt - performance.now()))
  }

  #tick(): void {
    // Timers may fire a fraction of a millisecond early
    const slot = Math.max(this.#next, Math.floor(this.nowSeconds * this.#options.slotsPerSecond + 0.05))
    this.skipped += slot - this.#next
    this.#next = slot + 1
    try {
      this.#options.onSlot(slot)
    } catch (error) {
      this.stop()
      this.#options.onError(error)
    }
    if (this.#running) this.#schedule()
  }
}
