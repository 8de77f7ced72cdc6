import { AppError } from '../app-error.ts'
import { addressGroup } from './address-group.ts'
import { createGuessDelay } from './guess-delay.ts'
import { createWindowLimit, type WindowLimit } from './window-limit.ts'

/**
 * Slows down guessing and floods, and nothing that people do. Counted per process, in memory of a fixed size: with
 * N replicas, N times as much. Nothing here awaits, so that guesses sent at once count one by one.
 */
export interface RateLimits {
  /**
   * @param device that has logged in before: it is counted by itself, and nobody else's guesses are in its way
   * @throws AppError TOO_MANY_REQUESTS when this address, this device, or everybody together, has to wait
   */
  checkLogin(address: string, device: string | undefined): void
  countFailedLogin(address: string, device: string | undefined): void
  loggedIn(address: string, device: string | undefined): void
  /** @throws AppError TOO_MANY_REQUESTS when this address has opened too many links that are none */
  checkShare(address: string): void
  countFailedShare(address: string): void
  /** Counts somebody who joins. @throws AppError TOO_MANY_REQUESTS */
  countJoin(address: string): void
  /** Counts something that a participant or the admin changes. @throws AppError TOO_MANY_REQUESTS */
  countChange(who: string): void
}

const MINUTE_MS = 60_000
/** A wrong password of one address is forgiven after this time, and one of anybody after the other. */
const ADDRESS_FORGIVES_MS = 10 * MINUTE_MS
const ALL_FORGIVE_MS = MINUTE_MS
/** The secret of a link can't be guessed; this spares S3. A link that was withdrawn may be known to a whole office. */
const FAILED_SHARES_PER_MINUTE = 300
/** An office behind one address joins at once, and comes back together after its network was away. */
const JOINS_PER_MINUTE = 300
const CHANGES_PER_MINUTE = 1_200

const EVERYBODY = 'everybody'

/** @param now ms since the epoch */
export function createRateLimits(now: () => number): RateLimits {
  const byAddress = createGuessDelay(ADDRESS_FORGIVES_MS, now)
  const inAll = createGuessDelay(ALL_FORGIVE_MS, now)
  const shares = createWindowLimit(FAILED_SHARES_PER_MINUTE, MINUTE_MS, now)
  const joins = createWindowLimit(JOINS_PER_MINUTE, MINUTE_MS, now)
  const changes = createWindowLimit(CHANGES_PER_MINUTE, MINUTE_MS, now)
  const guesser = (address: string, device: string | undefined) =>
    device === undefined ? addressGroup(address) : `device ${device}`
  return {
    checkLogin(address, device) {
      const ownWaitMs = byAddress.waitMs(guesser(address, device))
      refuseWhile(device === undefined ? Math.max(ownWaitMs, inAll.waitMs(EVERYBODY)) : ownWaitMs)
    },
    countFailedLogin(address, device) {
      byAddress.fail(guesser(address, device))
      if (device === undefined) inAll.fail(EVERYBODY)
    },
    loggedIn: (address, device) => byAddress.forget(guesser(address, device)),
    checkShare: (address) => refuseWhile(shares.waitMs(addressGroup(address))),
    countFailedShare: (address) => shares.count(addressGroup(address)),
    countJoin: (address) => take(joins, addressGroup(address)),
    countChange: (who) => take(changes, who),
  }
}

function take(limit: WindowLimit, key: string): void {
  refuseWhile(limit.waitMs(key))
  limit.count(key)
}

function refuseWhile(waitMs: number): void {
  if (waitMs === 0) return
  throw new AppError('TOO_MANY_REQUESTS', `Too many tries. Wait ${inWords(waitMs)} and try again.`)
}

function inWords(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1000)
  if (seconds > 90) return `${Math.ceil(seconds / 60)} minutes`
  return seconds === 1 ? 'a second' : `${seconds} seconds`
}
