import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../app-error.ts'

/**
 * Slows down guessing and floods, and nothing that people do: 10 wrong passwords and 300 joins a minute from
 * one address. Counted per process: with N replicas, N times as much.
 */
export interface RateLimits {
  /** @throws AppError TOO_MANY_REQUESTS when this address has guessed too often */
  checkLogin(address: string): Promise<void>
  countFailedLogin(address: string): Promise<void>
  /** @throws AppError TOO_MANY_REQUESTS */
  countJoin(address: string): Promise<void>
}

const FAILED_LOGINS_PER_MINUTE = 10
const JOINS_PER_MINUTE = 300

export function createRateLimits(): RateLimits {
  const logins = new RateLimiterMemory({ points: FAILED_LOGINS_PER_MINUTE, duration: 60 })
  const joins = new RateLimiterMemory({ points: JOINS_PER_MINUTE, duration: 60 })
  return {
    async checkLogin(address) {
      const seen = await logins.get(address)
      if (seen && seen.consumedPoints >= FAILED_LOGINS_PER_MINUTE) throw tooMany(seen.msBeforeNext)
    },
    async countFailedLogin(address) {
      await logins.penalty(address)
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

function tooMany(waitMs: number): AppError {
  return new AppError(
    'TOO_MANY_REQUESTS',
    `Too many tries. Wait ${Math.ceil(waitMs / 1000)} seconds and try again.`,
  )
}
