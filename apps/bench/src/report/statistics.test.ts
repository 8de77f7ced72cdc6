import { describe, expect, it } from 'vitest'
import { summarise } from './statistics.ts'

describe('summarise', () => {
  it.each([
    { values: [3], expected: { median: 3, min: 3, max: 3 } },
    { values: [10, 9, 1], expected: { median: 9, min: 1, max: 10 } },
    { values: [4, 100, 1, 2], expected: { median: 3, min: 1, max: 100 } },
  ])('gives median and extremes of $values', ({ values, expected }) => {
    expect(summarise(values)).toEqual(expected)
  })

  it('refuses an empty list', () => {
    expect(() => summarise([])).toThrow(RangeError)
  })
})
