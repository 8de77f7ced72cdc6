import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Rect } from './layout.ts'
import { arrangeTiles, fitInside, gridColumns } from './layout.ts'

const HD = { width: 1280, height: 720 }
const PORTRAIT = { width: 720, height: 1280 }
const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`)

test.each([
  [1, HD, 1],
  [2, HD, 2],
  [3, HD, 2],
  [4, HD, 2],
  [5, HD, 3],
  [9, HD, 3],
  [10, HD, 4],
  [2, PORTRAIT, 1],
  [6, PORTRAIT, 1],
  [8, PORTRAIT, 2],
])('%i tiles on %o stand in %i columns', (count, canvas, columns) => {
  expect(gridColumns(canvas, count)).toBe(columns)
})

test('a single tile fills the canvas', () => {
  expect(arrangeTiles('grid', HD, ['a'], null).get('a')).toEqual({ x: 0, y: 0, width: 1280, height: 720 })
})

test('a last row that is not full stands in the middle', () => {
  const places = arrangeTiles('grid', HD, names(3), null)
  expect(places.get('t2')).toEqual({ x: 324, y: 364, width: 632, height: 352 })
})

test('a stage is large, the others stand in a strip beside it; below it on a portrait canvas', () => {
  const places = arrangeTiles('speaker', HD, ['a', 'b', 'c'], 'b')
  expect(places.get('b')).toEqual({ x: 4, y: 4, width: 1016, height: 712 })
  expect(places.get('a')?.x).toBe(1028)
  expect(places.get('c')?.x).toBe(1028)
  const portrait = arrangeTiles('grid', PORTRAIT, ['a', 'b'], 'a')
  expect(portrait.get('a')?.height).toBe(1016)
  expect(portrait.get('b')?.y).toBe(1028)
})

test('single-speaker shows nobody else; without a stage it is a grid', () => {
  expect([...arrangeTiles('single-speaker', HD, ['a', 'b'], 'b').keys()]).toEqual(['b'])
  expect(arrangeTiles('single-speaker', HD, ['a', 'b'], null).size).toBe(2)
})

test('whatever there is to place lies on the canvas, on even pixels, and nothing overlaps', () => {
  const even = fc.integer({ min: 80, max: 960 }).map((half) => half * 2)
  fc.assert(
    fc.property(
      fc.record({ width: even, height: even }),
      fc.integer({ min: 0, max: 30 }),
      fc.constantFrom('grid', 'speaker', 'single-speaker'),
      fc.nat(30),
      (canvas, count, layout, stage) => {
        const tiles = names(count)
        const places = [...arrangeTiles(layout, canvas, tiles, tiles[stage] ?? null).values()]
        const faults = places.filter(
          (place, index) =>
            Object.values(place).some((value) => value % 2 !== 0) ||
            !isInside(place, canvas) ||
            places.slice(index + 1).some((other) => overlap(place, other)),
        )
        expect(faults).toEqual([])
        expect(places.length > 0).toBe(count > 0)
      },
    ),
    { numRuns: 300 },
  )
})

test.each([
  ['a picture of the same shape', { width: 1280, height: 720 }, { x: 0, y: 0, width: 1280, height: 720 }],
  ['a portrait picture', { width: 720, height: 1280 }, { x: 440, y: 0, width: 400, height: 720 }],
  ['a tiny picture', { width: 16, height: 9 }, { x: 0, y: 0, width: 1280, height: 720 }],
  ['a wide picture', { width: 2560, height: 720 }, { x: 0, y: 180, width: 1280, height: 360 }],
])('%s keeps its shape in the middle of its cell', (_, picture, place) => {
  expect(fitInside({ x: 0, y: 0, width: 1280, height: 720 }, picture)).toEqual(place)
})

test('a fitted picture is a multiple of 16 wide and inside its cell', () => {
  const size = fc.integer({ min: 1, max: 4000 })
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 900 }),
      fc.integer({ min: 2, max: 900 }),
      size,
      size,
      (w, h, width, height) => {
        const cell = { x: 10, y: 20, width: w * 2, height: h * 2 }
        const place = fitInside(cell, { width, height })
        expect(place.width % 16).toBe(0)
        expect(place.x).toBeGreaterThanOrEqual(cell.x)
        expect(place.x + place.width).toBeLessThanOrEqual(cell.x + cell.width)
        expect(place.y + place.height).toBeLessThanOrEqual(cell.y + cell.height)
      },
    ),
  )
})

function isInside({ x, y, width, height }: Rect, canvas: { width: number; height: number }): boolean {
  return (
    x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= canvas.width && y + height <= canvas.height
  )
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
