import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatChangeId, parseChangeId } from './changes/change-id.ts'
import { formatFeedPosition, parseFeedPosition } from './feed-position.ts'

const time = fc.integer({ min: 0, max: Date.UTC(2300, 0, 1) })
const sequence = fc.nat(1_000_000)

it('gives back the position of a reader, and nothing for another text', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{12}$/), sequence, time, (epoch, count, at) => {
      const position = { epoch, sequence: count, time: at }
      expect(parseFeedPosition(formatFeedPosition(position))).toEqual(position)
    }),
  )
  for (const text of ['', 'x', '1-2-3', '0123456789ab-1', '0123456789ab-1-2-3', '0123456789ab--1-2']) {
    expect(parseFeedPosition(text)).toBeUndefined()
  }
})

it('gives back the id of a change; ids sort by time', () => {
  const id = fc.record({ time, writer: fc.stringMatching(/^[0-9a-f]{10}$/), sequence })
  fc.assert(
    fc.property(id, id, (a, b) => {
      expect(parseChangeId(formatChangeId(a))).toEqual(a)
      expect(a.time === b.time || formatChangeId(a) < formatChangeId(b) === a.time < b.time).toBe(true)
    }),
  )
  for (const text of ['', 'a-b', '000000000--1', '000000000-a', 'lost+found'])
    expect(parseChangeId(text)).toBeUndefined()
})
