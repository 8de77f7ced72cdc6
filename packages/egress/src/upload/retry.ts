import { setTimeout as delay } from 'node:timers/promises'

export interface RetryOptions {
  firstPauseMs: number
  /** Pauses double up to here. */
  maxPauseMs: number
  /** Ends the retrying; the promise then rejects with the signal's reason. */
  signal: AbortSignal
  /** Told of each failure. Throwing from it, for example the error itself, ends the retrying. */
  onFailure: (error: unknown, attempt: number, pauseMs: number) => void
}

/** Runs an action until it succeeds, with growing pauses in between. */
export async function retry<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { firstPauseMs, maxPauseMs, signal, onFailure } = options
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      return await action()
    } catch (error) {
      signal.throwIfAborted()
      const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 30))
      onFailure(error, attempt, pauseMs)
      await delay(pauseMs, undefined, { signal })
    }
  }
}
