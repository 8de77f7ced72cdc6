import type { RecordingFilter, RecordingInfo } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import { listFilter } from './recording-filter.ts'

const recording: RecordingInfo = {
  id: 'EG_1',
  name: 'Jour fixe (1)-RM_1-t.mp4',
  roomName: 'Jour fixe (1)',
  roomId: 'RM_1',
  startedAt: 1_000,
  duration: 1,
  size: 1,
  status: 'COMPLETE',
}

describe('listFilter', () => {
  it.each<[RecordingFilter, boolean]>([
    [{}, true],
    [{ roomName: 'Jour fixe (1)' }, true],
    [{ roomName: 'jour fixe (1)' }, false],
    [{ roomId: 'RM_1' }, true],
    [{ roomId: 'RM_2' }, false],
    [{ search: 'FIXE (' }, true],
    [{ search: '.*' }, false],
    [{ search: '  ' }, true],
    [{ startedFrom: 1_000 }, true],
    [{ startedFrom: 1_001 }, false],
    [{ startedBefore: 1_001 }, true],
    [{ startedBefore: 1_000 }, false],
    [{ statuses: ['FAILED', 'COMPLETE'] }, true],
    [{ statuses: ['FAILED'] }, false],
    [{ search: 'fixe', statuses: ['COMPLETE'], startedFrom: 0, startedBefore: 2_000, roomId: 'RM_1' }, true],
  ])('%j: %s', (filter, isShown) => {
    expect(listFilter({ kind: 'admin' }, filter)(recording)).toBe(isShown)
  })

  it("shows a participant their own session's alone", () => {
    const participant = {
      kind: 'participant',
      identity: 'ann',
      name: 'Ann',
      roomName: 'Jour fixe (1)',
    } as const
    expect(listFilter({ ...participant, roomId: 'RM_1' }, {})(recording)).toBe(true)
    expect(listFilter({ ...participant, roomId: 'RM_2' }, {})(recording)).toBe(false)
    expect(listFilter({ ...participant, roomId: 'RM_2' }, { roomId: 'RM_1' })(recording)).toBe(false)
  })
})
