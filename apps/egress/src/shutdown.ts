import type { RedisEgress } from '@roomreel/egress'
import type { Logger } from 'pino'

/** Signals that come closer together are one: Ctrl-C reaches a process by its terminal and by its parent. */
const SAME_SIGNAL_MS = 1000

/**
 * Ends a worker without cutting a recording. Whoever does not want to wait says so again: the first call waits for
 * recordings to be stopped by somebody, the next ends them and waits until they are saved, and the last leaves what
 * is not saved to the next start.
 */
export class Shutdown {
  readonly #egress: RedisEgress
  readonly #patienceMs: number
  readonly #log: Logger
  readonly #close: () => Promise<void>
  #impatience = 0
  #calledAt = -Infinity
  #closing: Promise<void> | undefined

  /** @param patienceMs longest that running recordings may go on */
  constructor(egress: RedisEgress, patienceMs: number, log: Logger, close: () => Promise<void>) {
    this.#egress = egress
    this.#patienceMs = patienceMs
    this.#log = log
    this.#close = close
  }

  /** Resolves when everything is closed. @param isHasty does not wait for recordings to be stopped by somebody */
  async begin(isHasty: boolean): Promise<void> {
    const now = performance.now()
    if (now - this.#calledAt >= SAME_SIGNAL_MS) this.#impatience++
    this.#calledAt = now
    if (isHasty) this.#impatience = Math.max(2, this.#impatience)
    const recordings = this.#egress.worker.egressIds.length
    if (this.#impatience > 2) {
      this.#log.warn({ recordings }, 'ending now: what is not saved is saved at the next start')
    } else if (this.#impatience === 2) {
      this.#log.info({ recordings }, 'shutting down: running recordings are ended and saved')
      await this.#egress.drain()
    } else {
      this.#log.info({ recordings }, 'shutting down when all recordings are stopped and saved')
      await this.#egress.drain(this.#patienceMs)
    }
    this.#closing ??= this.#close()
    await this.#closing
  }
}
