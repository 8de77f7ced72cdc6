import type { RecordingInfo } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import { type Selection, selectedRecordings, selectionAfter, toggleSelection } from './selection.ts'

const recording = (name: string): RecordingInfo => ({
  id: name,
  name,
  roomName: 'Room',
  roomId: 'RM_1',
  startedAt: 0,
  duration: 0,
  size: 0,
  status: 'COMPLETE',
})

const chosen = (...names: string[]): Selection => new Map(names.map((name) => [name, undefined]))

describe('toggleSelection', () => {
  it('chooses what is not chosen and lets go of what is, and leaves the given one as it was', () => {
    const before = chosen('a')
    expect([...toggleSelection(before, 'b').keys()]).toEqual(['a', 'b'])
    expect([...toggleSelection(before, 'a').keys()]).toEqual([])
    expect([...before.keys()]).toEqual(['a'])
  })
})

describe('selectedRecordings', () => {
  it('knows nothing of recordings that are gone or have no name yet', () => {
    const there = [recording('a'), recording('b'), recording('')]
    expect(selectedRecordings(chosen('b', 'gone', ''), there).map(({ name }) => name)).toEqual(['b'])
  })
})

describe('selectionAfter', () => {
  it('lets go of what is gone and keeps what is not, with the reason', () => {
    const failed = [{ recordingName: 'b', message: 'It still runs.' }]
    expect(selectionAfter(chosen('a', 'b', 'c'), { deleted: ['a'], failed })).toEqual(
      new Map([
        ['b', 'It still runs.'],
        ['c', undefined],
      ]),
    )
  })

  it('does not choose what was deleted by itself', () => {
    const failed = [{ recordingName: 'b', message: 'It still runs.' }]
    expect(selectionAfter(chosen('a'), { deleted: [], failed })).toEqual(chosen('a'))
  })

  it('forgets the reason when another try is made of it', () => {
    const before = selectionAfter(chosen('a'), {
      deleted: [],
      failed: [{ recordingName: 'a', message: 'No.' }],
    })
    expect(selectionAfter(before, { deleted: ['a'], failed: [] }).size).toBe(0)
    expect(toggleSelection(toggleSelection(before, 'a'), 'a').get('a')).toBeUndefined()
  })
})
