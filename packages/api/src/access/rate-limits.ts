import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../app-error.ts'

/**
 * Slows down guessing and floods, and nothing that people do: 10 wrong passwords, 60 wrong links and 300 joins a
 * minute from one address. Counted per process: with N replicas, N times as much.
 */
export interface RateLimits {
  /** @throws AppError TOO_MANY_REQUESTS when this address has guessed too often */
  checkLogin(address: string): Promise<void>
  countFailedLogin(address: string): Promise<void>
  /** @throws AppError TOO_MANY_REQUESTS when this address has opened too many links that are none */
  checkShare(address: string): Promise<void>
  countFailedShare(address: string): Promise<void>
  /** @throws AppError TOO_MANY_REQUESTS */
  countJoin(address: string): Promise<void>
}

const FAILED_LOGINS_PER_MINUTE = 10
const FAILED_SHARES_PER_MINUTE = 60
const JOINS_PER_MINUTE = 300

export function createRateLimits(): RateLimits {
  const logins = new RateLimiterMemory({ points: FAILED_LOGINS_PER_MINUTE, duration: 60 })
  const shares = new RateLimiterMemory({ points: FAILED_SHARES_PER_MINUTE, duration: 60 })
  const joins = new RateLimiterMemory({ points: JOINS_PER_MINUTE, duration: 60 })
  return {
    checkLogin: (address) => check(logins, address, FAILED_LOGINS_PER_MINUTE),
    async countFailedLogin(address) {
      await logins.penalty(address)
    },
    checkShare: (address) => check(shares, address, FAILED_SHARES_PER_MINUTE),
    async countFailedShare(address) {
      await shares.penalty(address)
    },
    async countJoin(address) {
      try {
        await joins.consume(address)
      } catch (refused) {
        if (refused instanceof RateLimiterRes) throw tooMany(refused.msBeforeNext)
        throw refused
      }
    },
  }
}

async function check(limiter: RateLimiterMemory, address: string, points: number): Promise<void> {
  const seen = await limiter.get(address)
  if (seen && seen.consumedPoints >= points) throw tooMany(seen.msBeforeNext)
}

function tooMany(waitMs: number): AppError {
  return new AppError(
    'TOO_MANY_REQUESTS',
    `Too many tries. Wait ${Math.ceil(waitMs / 1000)} seconds and try again.`,
  )
}
