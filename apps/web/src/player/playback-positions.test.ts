import { describe, expect, it } from 'vitest'
import { parsePositions, withPosition } from './playback-positions.ts'

describe('withPosition', () => {
  it.each([
    ['keeps whole seconds', [], 12.7, 60, [['a', 12]]],
    [
      'replaces what was kept and puts it last',
      [
        ['a', 9],
        ['b', 8],
      ],
      30,
      60,
      [
        ['b', 8],
        ['a', 30],
      ],
    ],
    ['forgets the beginning', [['a', 9]], 3, 60, []],
    ['forgets the end', [['a', 9]], 58, 60, []],
    ['keeps nothing of a recording shorter than its ends', [], 4, 8, []],
  ] as const)('%s', (_what, before, seconds, duration, expected) => {
    expect(withPosition(before, 'a', seconds, duration)).toEqual(expected)
  })

  it('forgets the one watched longest ago beyond a hundred', () => {
    const full = Array.from({ length: 100 }, (_, index) => [`r${index}`, 10] as const)
    const after = withPosition(full, 'new', 10, 60)
    expect(after).toHaveLength(100)
    expect(after[0]?.[0]).toBe('r1')
    expect(after.at(-1)?.[0]).toBe('new')
  })
})

describe('parsePositions', () => {
  it.each([
    ['nothing', undefined, []],
    ['no JSON', '{', []],
    ['another shape', '{"a":1}', []],
    ['what is no position', '[["a",1],["b"],7,["c","x"]]', [['a', 1]]],
  ])('%s', (_what, text, expected) => {
    expect(parsePositions(text)).toEqual(expected)
  })
})
