import { describe, expect, it } from 'vitest'
import { AppError } from '../app-error.ts'
import { createRateLimits, type RateLimits } from './rate-limits.ts'

const MINUTE = 60_000

function limits() {
  const clock = { now: 0 }
  return { clock, limits: createRateLimits(() => clock.now) }
}

/** How often something goes before it is refused, up to so often. */
function timesUntilRefused(most: number, act: () => void): number {
  for (let times = 0; times < most; times++) {
    try {
      act()
    } catch (error) {
      if (error instanceof AppError && error.code === 'TOO_MANY_REQUESTS') return times
      throw error
    }
  }
  return most
}

describe('limits', () => {
  it.each<[string, number, (given: RateLimits, who: string) => void]>([
    ['joins', 300, (given, who) => given.countJoin(who)],
    ['changes', 1_200, (given, who) => given.countChange(who)],
    [
      'links that are none',
      300,
      (given, who) => {
        given.checkShare(who)
        given.countFailedShare(who)
      },
    ],
  ])('let so many %s through in a minute, of each by itself', (_what, most, act) => {
    const { clock, limits: given } = limits()
    expect(timesUntilRefused(most + 1, () => act(given, '192.0.2.1'))).toBe(most)
    clock.now = MINUTE - 1
    expect(timesUntilRefused(1, () => act(given, '192.0.2.1'))).toBe(0)
    expect(timesUntilRefused(1, () => act(given, '192.0.2.2'))).toBe(1)
    clock.now = MINUTE
    expect(timesUntilRefused(1, () => act(given, '192.0.2.1'))).toBe(1)
  })

  it('forget whom they have not seen for long, and stay as large as they are', () => {
    const { limits: given } = limits()
    expect(timesUntilRefused(301, () => given.countJoin('first'))).toBe(300)
    for (let address = 0; address < 10_000; address++) given.countJoin(String(address))
    expect(timesUntilRefused(1, () => given.countJoin('first'))).toBe(1)
  })

  it('say how long to wait', () => {
    const { clock, limits: given } = limits()
    for (let guess = 0; guess < 10; guess++) given.countFailedLogin('192.0.2.1', 'device')
    const message = () => {
      try {
        given.checkLogin('192.0.2.1', 'device')
        return 'let in'
      } catch (error) {
        return error instanceof AppError ? error.message : String(error)
      }
    }
    expect(message()).toBe('Too many tries. Wait 60 seconds and try again.')
    clock.now = MINUTE - 500
    expect(message()).toBe('Too many tries. Wait a second and try again.')
    clock.now = MINUTE
    expect(message()).toBe('let in')
    given.countFailedLogin('192.0.2.1', 'device')
    given.countFailedLogin('192.0.2.1', 'device')
    expect(message()).toBe('Too many tries. Wait 4 minutes and try again.')
  })
})
