/**
 * Runs jobs one after the other and at most `capacity` at a time in line: an encoder's context is not
 * re-entrant, and what the encoder can't keep up with has to be dropped, not queued.
 *
 * The first error ends the lane: later jobs are not run, and `drain` throws it.
 */
export class SerialLane {
  readonly capacity: number
  /** Jobs refused because the line was full. */
  dropped = 0
  #waiting = 0
  #tail: Promise<void> = Promise.resolve()
  #error: Error | undefined
  readonly #onError: (error: unknown) => void

  constructor(capacity: number, onError: (error: unknown) => void) {
    this.capacity = capacity
    this.#onError = onError
  }

  get waiting(): number {
    return this.#waiting
  }

  get failed(): boolean {
    return this.#error !== undefined
  }

  /** @returns false if the job was dropped, because the line is full or has failed */
  tryRun(job: () => Promise<void>): boolean {
    if (this.failed) return false
    if (this.#waiting >= this.capacity) {
      this.dropped++
      return false
    }
    this.#waiting++
    this.#tail = this.#tail.then(() => this.#run(job))
    return true
  }

  /** Waits until all jobs are done. @throws the first error of a job */
  async drain(): Promise<void> {
    await this.#tail
    if (this.#error !== undefined) throw this.#error
  }

  async #run(job: () => Promise<void>): Promise<void> {
    try {
      if (!this.failed) await job()
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error))
      this.#onError(error)
    } finally {
      this.#waiting--
    }
  }
}
