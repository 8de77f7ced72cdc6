import type { RecordingInfo } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import { selectedRecordings, toggleSelection } from './selection.ts'

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

describe('toggleSelection', () => {
  it('chooses what is not chosen and lets go of what is, and leaves the given one as it was', () => {
    const before = new Set(['a'])
    expect([...toggleSelection(before, 'b')]).toEqual(['a', 'b'])
    expect([...toggleSelection(before, 'a')]).toEqual([])
    expect([...before]).toEqual(['a'])
  })
})

describe('selectedRecordings', () => {
  it('knows nothing of recordings that are gone or have no name yet', () => {
    const there = [recording('a'), recording('b'), recording('')]
    expect(selectedRecordings(new Set(['b', 'gone', '']), there).map(({ name }) => name)).toEqual(['b'])
  })
})
