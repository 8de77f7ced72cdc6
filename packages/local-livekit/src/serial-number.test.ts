import { describe, expect, it } from 'vitest'
import { distance32, isNewer16, isNewer32, uint16, uint32 } from './serial-number.ts'

describe('serial numbers', () => {
  it.each([
    { a: 1, b: 0, newer: true },
    { a: 0, b: 65_535, newer: true },
    { a: 1, b: 65_534, newer: true },
    { a: 65_535, b: 0, newer: false },
    { a: 65_534, b: 1, newer: false },
    { a: 7, b: 7, newer: false },
    { a: 0x7fff, b: 0, newer: true },
    { a: 0x8000, b: 0, newer: false },
  ])('16 bits: $a newer than $b is $newer', ({ a, b, newer }) => {
    expect(isNewer16(a, b)).toBe(newer)
  })

  it.each([
    { a: 0, b: 0xffff_ffff, newer: true },
    { a: 0xffff_ffff, b: 0, newer: false },
    { a: 0x8000_0000, b: 1, newer: true },
    { a: 0x8000_0000, b: 0, newer: false },
  ])('32 bits: $a newer than $b is $newer', ({ a, b, newer }) => {
    expect(isNewer32(a, b)).toBe(newer)
  })

  it('wraps in both directions', () => {
    expect(uint16(65_536 + 3)).toBe(3)
    expect(uint16(-1)).toBe(65_535)
    expect(uint32(-1)).toBe(0xffff_ffff)
    expect(distance32(1, 0xffff_ffff)).toBe(2)
    expect(distance32(0xffff_ffff, 1)).toBe(-2)
  })
})
