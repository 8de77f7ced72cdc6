import { expect, test } from 'vitest'
import { rotatePlane } from './rotate-plane.ts'

const SOURCE = { bytes: Uint8Array.from([1, 2, 3, 0, 4, 5, 6, 0]), stride: 4 }

test.each([
  [0, 3, [1, 2, 3, 4, 5, 6]],
  [90, 2, [4, 1, 5, 2, 6, 3]],
  [180, 3, [6, 5, 4, 3, 2, 1]],
  [270, 2, [3, 6, 2, 5, 1, 4]],
] as const)('a plane of 3x2 turned by %i degrees', (rotation, width, expected) => {
  const target = { bytes: new Uint8Array(40), stride: 8 }
  rotatePlane(SOURCE, 3, 2, rotation, target, 9)
  const rows = Array.from({ length: 6 / width }, (_, row) => [
    ...target.bytes.subarray(9 + row * 8, 9 + row * 8 + width),
  ])
  expect(rows.flat()).toEqual(expected)
  expect(target.bytes.filter((value) => value !== 0)).toHaveLength(6)
})
