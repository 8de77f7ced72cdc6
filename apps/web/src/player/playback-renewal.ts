/** Attempts in a row that lead nowhere; one more and the file, or the storage, is to blame. */
const MAX_ATTEMPTS = 5
const FIRST_PAUSE_MS = 500
/** A URL is renewed this long before it expires, or a quarter of its life when that is less. */
const RENEW_BEFORE_MS = 30_000
/** A fresh URL that expires so soon means that two clocks differ, or that a share link ends: time says nothing then. */
const MIN_LIFE_MS = 5_000
/** setTimeout takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** Seconds around the place where it went wrong within which playing proves nothing. */
const SAME_PLACE_SECONDS = 2

/** What is known when the browser can't go on playing. */
export interface PlaybackTrouble {
  /** Made since the picture moved last. */
  readonly attempts: number
  /** The URL led past the app to S3. */
  readonly isDirect: boolean
  /** This URL gave a picture before it failed. */
  readonly hasPlayed: boolean
}

export type NextAttempt =
  | {
      readonly kind: 'renew'
      /** Whether to ask for a URL that leads through the app. */
      readonly isProxied: boolean
      readonly delayMs: number
    }
  | { readonly kind: 'give-up' }

/**
 * What to try when the browser can't go on playing. A URL that played has expired or its connection broke: another
 * one of its kind, at once. A fresh one that leads to S3 and never gave a picture may be out of this browser's
 * reach: then through the app. What fails several times is given up. Pure.
 */
export function afterPlaybackError({ attempts, isDirect, hasPlayed }: PlaybackTrouble): NextAttempt {
  if (attempts >= MAX_ATTEMPTS) return { kind: 'give-up' }
  return { kind: 'renew', isProxied: !(isDirect && hasPlayed), delayMs: pauseBeforeMs(attempts) }
}

/** ms to wait before the next of several attempts: none at first, then twice as long each time. Pure. */
export function pauseBeforeMs(attempts: number): number {
  return attempts === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (attempts - 1)
}

/** Whether another attempt may be made. Pure. */
export function mayTryAgain(attempts: number): boolean {
  return attempts < MAX_ATTEMPTS
}

/**
 * ms after which a URL is to be renewed, undefined when its time says nothing. Pure.
 * @param expiresAt ms since the epoch, by the server's clock
 * @param now ms since the epoch, by this machine's
 */
export function renewalDelayMs(expiresAt: number, now: number): number | undefined {
  const lifeMs = expiresAt - now
  if (lifeMs < MIN_LIFE_MS) return undefined
  return Math.min(lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 4), MAX_TIMER_MS)
}

/**
 * Whether playing at this place means that the trouble is over: a damaged file plays up to the same place again
 * and again. Pure.
 * @param troubleAt where it went wrong last, in seconds
 */
export function isOverTrouble(position: number, troubleAt: number | undefined): boolean {
  return troubleAt === undefined || Math.abs(position - troubleAt) > SAME_PLACE_SECONDS
}
