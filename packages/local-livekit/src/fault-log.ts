import type { Logger } from 'pino'
import type { Counters } from './counters.ts'

/** A fault in what is done many times a second repeats itself as often. */
const LOG_INTERVAL_MS = 1_000

/** Faults of ours, caught where they would end the process for everybody: all are counted, one a second is logged. */
export class FaultLog {
  readonly #counters: Counters
  readonly #logger: Logger
  #lastLoggedMs = Number.NEGATIVE_INFINITY

  constructor(counters: Counters, logger: Logger) {
    this.#counters = counters
    this.#logger = logger
  }

  /** @param name what it is counted as */
  add(name: string, error: unknown): void {
    this.#counters.add(name)
    const nowMs = performance.now()
    if (nowMs - this.#lastLoggedMs < LOG_INTERVAL_MS) return
    this.#lastLoggedMs = nowMs
    this.#logger.error({ err: error, fault: name }, 'a fault was caught')
  }
}
