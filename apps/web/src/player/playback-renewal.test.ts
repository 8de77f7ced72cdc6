import { describe, expect, it } from 'vitest'
import {
  afterPlaybackError,
  isOverTrouble,
  mayTryAgain,
  pauseBeforeMs,
  renewalDelayMs,
} from './playback-renewal.ts'

describe('afterPlaybackError', () => {
  it.each([
    ['a URL of S3 that played has expired', 0, true, true, { isProxied: false, delayMs: 0 }],
    ['a fresh URL of S3 gives nothing', 0, true, false, { isProxied: true, delayMs: 0 }],
    [
      'the one that came after an expired one gives nothing',
      1,
      true,
      false,
      { isProxied: true, delayMs: 500 },
    ],
    ['the app itself broke off', 0, false, true, { isProxied: true, delayMs: 0 }],
    ['the app gives nothing either', 2, false, false, { isProxied: true, delayMs: 1_000 }],
    ['the last attempt', 4, false, false, { isProxied: true, delayMs: 4_000 }],
  ])('%s', (_what, attempts, isDirect, hasPlayed, expected) => {
    expect(afterPlaybackError({ attempts, isDirect, hasPlayed })).toEqual({ kind: 'renew', ...expected })
  })

  it('gives up after some attempts in a row, whatever failed', () => {
    for (const isDirect of [true, false]) {
      for (const hasPlayed of [true, false]) {
        expect(afterPlaybackError({ attempts: 5, isDirect, hasPlayed })).toEqual({ kind: 'give-up' })
      }
    }
  })
})

describe('attempts', () => {
  it('end, and are over within seconds', () => {
    let [attempts, waitedMs] = [0, 0]
    while (mayTryAgain(attempts)) waitedMs += pauseBeforeMs(attempts++)
    expect(attempts).toBe(5)
    expect(waitedMs).toBe(7_500)
  })
})

describe('renewalDelayMs', () => {
  it.each([
    ['an hour', 3_600_000, 3_570_000],
    ['ten seconds', 10_000, 7_500],
    ['a month, for which there is no timer', 31 * 24 * 3_600_000, 2 ** 31 - 1],
    ['already over, by this clock', -60_000, undefined],
    ['nearly over', 4_999, undefined],
  ])('%s', (_what, lifeMs, expected) => {
    expect(renewalDelayMs(1_000_000 + lifeMs, 1_000_000)).toBe(expected)
  })
})

describe('isOverTrouble', () => {
  it.each([
    [10, undefined, true],
    [10, 10, false],
    [11.9, 10, false],
    [12.1, 10, true],
    [3, 10, true],
  ])('at %d s after trouble at %s s: %s', (position, troubleAt, expected) => {
    expect(isOverTrouble(position, troubleAt)).toBe(expected)
  })
})
