import type { EgressInfo } from '@livekit/protocol'
import type { Logger } from 'pino'
import { retry } from '../upload/retry.ts'

/** Where EgressInfo is kept and announced: LiveKit's IOInfo service, or the embedded server. */
export interface EgressIo {
  /** Stores a new egress. Awaited before a start is answered. */
  createEgress(info: EgressInfo): Promise<void>
  /** Stores and announces what has changed. */
  updateEgress(info: EgressInfo): Promise<void>
}

const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 60_000

/**
 * Delivers the EgressInfo of one egress in order: one update at a time (LiveKit stores whatever comes last),
 * each tried until it is delivered. While one is on its way, of several with the same status only the
 * newest waits, so the line is never longer than there are statuses.
 */
export class InfoReporter {
  readonly #io: EgressIo
  readonly #logger: Logger
  readonly #signal: AbortSignal
  readonly #waiting: EgressInfo[] = []
  #delivering: Promise<void> = Promise.resolve()
  #isDelivering = false

  constructor(io: EgressIo, logger: Logger, signal: AbortSignal) {
    this.#io = io
    this.#logger = logger
    this.#signal = signal
  }

  /** Takes a copy of the info and sends it when those before are delivered. */
  push(info: EgressInfo): void {
    const last = this.#waiting.at(-1)
    if (last?.status === info.status) this.#waiting.pop()
    this.#waiting.push(info.clone())
    if (this.#isDelivering) return
    this.#isDelivering = true
    this.#delivering = this.#deliver()
  }

  /** Resolves when all is delivered; rejects if the worker is closed before. */
  async flush(): Promise<void> {
    await this.#delivering
    this.#signal.throwIfAborted()
  }

  async #deliver(): Promise<void> {
    try {
      for (let info = this.#waiting.shift(); info; info = this.#waiting.shift()) {
        const current = info
        await retry(() => this.#io.updateEgress(current), {
          firstPauseMs: FIRST_PAUSE_MS,
          maxPauseMs: MAX_PAUSE_MS,
          signal: this.#signal,
          onFailure: (error, attempt) => {
            this.#logger.warn({ err: error, attempt, status: current.status }, 'egress update not delivered')
          },
        })
      }
    } catch (error) {
      if (!this.#signal.aborted) this.#logger.error({ err: error }, 'egress updates can not be delivered')
    } finally {
      this.#isDelivering = false
    }
  }
}
