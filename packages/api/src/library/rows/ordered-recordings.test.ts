import type { RecordingInfo } from '@roomreel/contracts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareNewestFirst } from '../recording-order.ts'
import { createOrderedRecordings } from './ordered-recordings.ts'

const position = fc.record({
  startedAt: fc.nat(20),
  id: fc.constantFrom('a', 'b'),
  name: fc.constantFrom('x', 'y', 'z'),
})
/** What is added, which are removed, and where somebody looks then. */
const step = fc.record({
  // More at once than are put into their places one by one
  added: fc.array(position, { maxLength: 100 }),
  removed: fc.array(fc.nat(), { maxLength: 10 }),
  position,
})

it('keeps recordings in the order of the list, however they come and go', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const ordered = createOrderedRecordings()
      let model: RecordingInfo[] = []
      for (const { added, removed, position: place } of steps) {
        for (const each of added) {
          const recording: RecordingInfo = {
            ...each,
            roomName: '',
            roomId: '',
            duration: 0,
            size: 0,
            status: 'COMPLETE',
          }
          ordered.insert(recording)
          model.push(recording)
        }
        for (const number of removed) {
          const recording = model[number % Math.max(1, model.length)]
          if (!recording) continue
          ordered.remove(recording)
          model = model.filter((other) => other !== recording)
        }
        model = model.toSorted(compareNewestFirst)
        const firstWhere = (isBehind: (recording: RecordingInfo) => boolean) => {
          const index = model.findIndex((recording) => isBehind(recording))
          return index === -1 ? model.length : index
        }
        expect(ordered.size).toBe(model.length)
        expect(ordered.indexAfter(place)).toBe(firstWhere((each) => compareNewestFirst(each, place) > 0))
        expect(ordered.indexStartedBefore(place.startedAt)).toBe(
          firstWhere(({ startedAt }) => startedAt < place.startedAt),
        )
        expect(ordered.all()).toEqual(model)
        expect(model.map((_each, index) => ordered.at(index))).toEqual(model)
      }
    }),
    { numRuns: 200 },
  )
})
