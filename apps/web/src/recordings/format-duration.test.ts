import { describe, expect, it } from 'vitest'
import { formatDuration } from './format-duration.ts'

describe('formatDuration', () => {
  it.each([
    [0, '00:00'],
    [7.99, '00:07'],
    [59.999, '00:59'],
    [60, '01:00'],
    [754, '12:34'],
    [3599, '59:59'],
    [3723, '1:02:03'],
    [360_000, '100:00:00'],
    [-5, '00:00'],
  ])('%d s', (seconds, expected) => {
    expect(formatDuration(seconds)).toBe(expected)
  })
})
