import { describe, expect, it } from 'vitest'
import { initials } from './initials.ts'

describe('initials', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['Jean-Luc  van der Berg', 'JB'],
    ['<b>Eve</b>', 'B'],
    ['会議', '会'],
    ['🎉', '🎉'],
    ['🎉 Zoë', 'Z'],
    ['', ''],
  ])('%j', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })
})
