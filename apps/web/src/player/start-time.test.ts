import { describe, expect, it } from 'vitest'
import { startTime } from './start-time.ts'

describe('startTime', () => {
  it.each([
    ['?t=90', 90],
    ['?t=90s', 90],
    ['?t=1.5', 1.5],
    ['?t=1:30', 90],
    ['?t=1:02:03', 3723],
    ['?t=1h2m3s', 3723],
    ['?t=2m', 120],
    ['?x=1&t=7', 7],
    ['', undefined],
    ['?t=', undefined],
    ['?t=soon', undefined],
    ['?t=-5', undefined],
    ['?t=1:2:3:4', undefined],
  ])('%s', (query, expected) => {
    expect(startTime(query)).toBe(expected)
  })
})
