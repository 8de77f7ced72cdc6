import { isActiveStatus, type RecordingStatus } from '@roomreel/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeRecording } from './merge-recording.ts'
import type { StoredRecording } from './stored-recording.ts'

const status = fc.constantFrom<RecordingStatus[]>(
  'STARTING',
  'STARTED',
  'STOPPING',
  'COMPLETE',
  'LIMIT_REACHED',
  'ABORTED',
  'FAILED',
)

/** News of one recording, as webhooks, answers and lists may bring it: any stage, with or without a file. */
const report: fc.Arbitrary<StoredRecording> = fc.record({
  id: fc.constant('EG_1'),
  name: fc.constantFrom('', 'room-RM_1-t.mp4'),
  roomName: fc.constant('room'),
  roomId: fc.constant('RM_1'),
  startedAt: fc.constantFrom(0, 7, 8),
  duration: fc.constantFrom(0, 12),
  size: fc.constantFrom(0, 1_000),
  status,
  updatedAt: fc.integer({ min: 1, max: 5 }),
})

/** The same after its file has been looked at, as it is only where there is one. */
const news: fc.Arbitrary<StoredRecording> = fc
  .tuple(
    report,
    fc.constantFrom('verified', 'short', 'missing'),
    fc.integer({ min: 1, max: 3 }),
    fc.boolean(),
  )
  .map(([one, check, checkedAt, isChecked]) => {
    const canBeChecked = isChecked && one.size > 0 && !isActiveStatus(one.status)
    return canBeChecked
      ? Object.assign(one, { check, checkedAt, size: 1_000 + checkedAt, duration: checkedAt })
      : one
  })

const fold = (all: readonly StoredRecording[]) =>
  all.reduce<StoredRecording | undefined>((known, one) => mergeRecording(known, one), undefined)

describe('mergeRecording', () => {
  it('ends in the same state in whatever order the news comes, and however often', () => {
    const orders = fc
      .array(news, { minLength: 1, maxLength: 6 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
          fc.array(fc.constantFrom(...all), { maxLength: 6 }),
        ),
      )
    fc.assert(
      fc.property(orders, ([all, shuffled, repeats]) => {
        expect(fold([...shuffled, ...repeats])).toEqual(fold(all))
      }),
      { numRuns: 2_000 },
    )
  })

  it('never goes back from an end to a running stage', () => {
    fc.assert(
      fc.property(news, news, (a, b) => {
        const ranks = ['STARTING', 'STARTED', 'STOPPING']
        const rank = (one: StoredRecording) =>
          ranks.includes(one.status) ? ranks.indexOf(one.status) : ranks.length
        expect(rank(mergeRecording(a, b))).toBe(Math.max(rank(a), rank(b)))
      }),
    )
  })

  it('prefers an end that has a file', () => {
    const lost: StoredRecording = {
      id: 'EG_1',
      name: '',
      roomName: 'room',
      roomId: 'RM_1',
      startedAt: 7,
      duration: 0,
      size: 0,
      status: 'FAILED',
      updatedAt: 99,
    }
    const found: StoredRecording = {
      ...lost,
      name: 'room-RM_1-t.mp4',
      size: 5,
      status: 'COMPLETE',
      updatedAt: 1,
    }
    expect(mergeRecording(lost, found)).toEqual(found)
    expect(mergeRecording(found, lost)).toEqual(found)
  })
})
