import { describe, expect, it } from 'vitest'
import { gridLayout } from './grid-layout.ts'

describe('gridLayout', () => {
  it.each([
    ['one on a wide screen', { width: 1600, height: 900 }, 1, 1, { width: 1600, height: 900 }],
    ['one on a phone: never upright', { width: 360, height: 600 }, 1, 1, { width: 360, height: 270 }],
    ['two side by side', { width: 1608, height: 900 }, 2, 2, { width: 800, height: 600 }],
    ['two on a phone, one above the other', { width: 360, height: 608 }, 2, 1, { width: 360, height: 270 }],
    ['four on a wide screen', { width: 1608, height: 908 }, 4, 2, { width: 800, height: 450 }],
    ['five: the last row has a gap', { width: 1616, height: 908 }, 5, 3, { width: 533, height: 400 }],
    ['no space at all', { width: 0, height: 0 }, 3, 1, { width: 0, height: 0 }],
  ])('%s', (_what, space, count, columns, tile) => {
    expect(gridLayout(space, count, 8)).toEqual({ columns, tile })
  })

  it('never overflows the space it was given', () => {
    for (let count = 1; count <= 60; count++) {
      for (const space of [
        { width: 360, height: 500 },
        { width: 1440, height: 760 },
        { width: 3840, height: 600 },
      ]) {
        const { columns, tile } = gridLayout(space, count, 8)
        const rows = Math.ceil(count / columns)
        expect(tile.width * columns + 8 * (columns - 1)).toBeLessThanOrEqual(space.width)
        expect(tile.height * rows + 8 * (rows - 1)).toBeLessThanOrEqual(space.height)
      }
    }
  })
})
