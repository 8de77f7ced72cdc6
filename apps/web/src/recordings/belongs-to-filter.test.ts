import type { RecordingFilter } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import { belongsToFilter } from './belongs-to-filter.ts'

const recording = {
  name: 'Weekly-RM_1-2026.mp4',
  roomName: 'Weekly (sync)',
  roomId: 'RM_1',
  startedAt: 1_000,
  status: 'STARTED',
} as const

describe('belongsToFilter', () => {
  it.each<[RecordingFilter, boolean]>([
    [{}, true],
    [{ roomName: 'Weekly (sync)' }, true],
    [{ roomName: 'Weekly' }, false],
    [{ roomId: 'RM_1' }, true],
    [{ roomId: 'RM_2' }, false],
    [{ search: ' WEEKLY ' }, true],
    [{ search: 'rm_1-2026' }, true],
    [{ search: '(sync)' }, true],
    [{ search: '.*' }, false],
    [{ startedFrom: 1_000 }, true],
    [{ startedFrom: 1_001 }, false],
    [{ startedBefore: 1_001 }, true],
    [{ startedBefore: 1_000 }, false],
    [{ statuses: ['STARTING', 'STARTED'] }, true],
    [{ statuses: ['COMPLETE'] }, false],
    [{ roomId: 'RM_1', search: 'weekly', startedFrom: 500, statuses: ['FAILED'] }, false],
  ])('%j: %s', (filter, expected) => {
    expect(belongsToFilter(recording, filter)).toBe(expected)
  })
})
