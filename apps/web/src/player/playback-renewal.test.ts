import { describe, expect, it } from 'vitest'
import { afterPlaybackError } from './playback-renewal.ts'

describe('afterPlaybackError', () => {
  it.each([
    [0, 'renew'],
    [2, 'renew'],
    [3, 'give-up'],
    [4, 'give-up'],
  ])('after %d attempts: %s', (attempts, expected) => {
    expect(afterPlaybackError(attempts)).toBe(expected)
  })
})
