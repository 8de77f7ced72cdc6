/** Wrong guesses in a row that cost nothing but themselves. */
const FREE_GUESSES = 10
/** ms to wait after the last of them; twice as long after each further one. */
const FIRST_DELAY_MS = 60_000
const LONGEST_DELAY_MS = 60 * 60_000
/** Keys that are remembered; beyond it the one that failed longest ago is forgotten. */
const MAX_KEYS = 10_000

/** A delay that grows with wrong guesses, and shrinks again with time. */
export interface GuessDelay {
  /** ms until this key may guess again; 0 when it may now. */
  waitMs(key: string): number
  fail(key: string): void
  /** It was no guess. */
  forget(key: string): void
}

interface Guesser {
  /** Wrong guesses at `failedAt` that are not forgiven; fractional. */
  readonly failures: number
  /** ms since the epoch. */
  readonly failedAt: number
  /** ms since the epoch. */
  readonly lockedUntil: number
}

/**
 * @param forgiveMs after which one wrong guess is forgiven: who goes on guessing ends up with one guess in that time
 * @param now ms since the epoch
 */
export function createGuessDelay(forgiveMs: number, now: () => number): GuessDelay {
  const guessers = new Map<string, Guesser>()
  return {
    waitMs: (key) => Math.max(0, (guessers.get(key)?.lockedUntil ?? 0) - now()),
    fail(key) {
      const next = afterFailure(guessers.get(key), forgiveMs, now())
      guessers.delete(key)
      guessers.set(key, next)
      const [oldest] = guessers.keys()
      if (guessers.size > MAX_KEYS && oldest !== undefined) guessers.delete(oldest)
    },
    forget(key) {
      guessers.delete(key)
    },
  }
}

function afterFailure(known: Guesser | undefined, forgiveMs: number, now: number): Guesser {
  const left = known ? known.failures - (now - known.failedAt) / forgiveMs : 0
  const failures = Math.max(0, left) + 1
  // Rounded up: what is forgiven between two guesses of a burst must not buy one more
  const beyond = Math.ceil(failures) - FREE_GUESSES
  const delayMs = beyond < 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** beyond, LONGEST_DELAY_MS)
  return { failures, failedAt: now, lockedUntil: now + delayMs }
}
