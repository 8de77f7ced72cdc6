import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../app-error.ts'
import { compareNewestFirst, decodeCursor, encodeCursor } from './recording-order.ts'

const position = fc.record({
  startedAt: fc.integer({ min: 0, max: 3 }),
  id: fc.string({ maxLength: 2 }),
  name: fc.string({ maxLength: 2 }),
})

describe('compareNewestFirst', () => {
  it('is a total order', () => {
    fc.assert(
      fc.property(position, position, position, (a, b, c) => {
        expect(Math.sign(compareNewestFirst(a, b))).toBe(-Math.sign(compareNewestFirst(b, a)) + 0)
        const inOrder = [a, b, c].toSorted(compareNewestFirst)
        expect([c, a, b].toSorted(compareNewestFirst)).toEqual(inOrder)
      }),
    )
  })
})

describe('a cursor', () => {
  it('comes back as it was, whatever the names hold', () => {
    fc.assert(
      fc.property(position, (one) => {
        expect(decodeCursor(encodeCursor(one))).toEqual(one)
      }),
    )
  })

  it.each(['', 'x', 'e30', Buffer.from('[1,2,3]').toString('base64url'), '💥'])(
    'that is none (%j) is refused',
    (text) => {
      expect(() => decodeCursor(text)).toThrow(AppError)
    },
  )
})
