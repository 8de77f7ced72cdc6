import { describe, expect, it } from 'vitest'
import { formatMoment } from './format-moment.ts'

const at = (year: number, month: number, day: number, hour: number, minute: number) =>
  new Date(year, month - 1, day, hour, minute).getTime()

describe('formatMoment', () => {
  it.each([
    ['today', at(2026, 5, 4, 14, 2), '14:02'],
    ['yesterday', at(2026, 5, 3, 9, 30), '3 May, 09:30'],
    ['last year', at(2025, 12, 31, 23, 59), '31 Dec 2025, 23:59'],
  ])('%s', (_what, moment, expected) => {
    expect(formatMoment(moment, at(2026, 5, 4, 18, 0), 'en-GB')).toBe(expected)
  })
})
