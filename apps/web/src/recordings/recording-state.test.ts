import type { RecordingInfo, RecordingStatus } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import { isDeletable, recordingState } from './recording-state.ts'

function recording(status: RecordingStatus, more: Partial<RecordingInfo> = {}): RecordingInfo {
  return {
    id: 'EG_1',
    name: 'a.mp4',
    roomName: 'Room',
    roomId: 'RM_1',
    startedAt: 1_000,
    duration: 0,
    size: 0,
    status,
    ...more,
  }
}

describe('recordingState', () => {
  it.each([
    [recording('STARTING'), 'starting', 'Starting…'],
    [recording('STARTED'), 'running', 'Recording 00:07'],
    [recording('STOPPING'), 'finalising', 'Saving…'],
    [recording('COMPLETE', { size: 1 }), 'ready', 'Ready'],
    [recording('COMPLETE'), 'failed', 'There is no file.'],
    [recording('LIMIT_REACHED', { size: 1 }), 'ready', 'Ended at the time limit'],
    [recording('ABORTED', { size: 1 }), 'partial', 'Ended early: what was saved can be played.'],
    [recording('FAILED', { error: 'The disk is full.' }), 'failed', 'The disk is full.'],
    [recording('FAILED'), 'failed', 'It failed before anything was saved.'],
    [recording('COMPLETE', { size: 1, check: 'missing' }), 'failed', 'File missing'],
    [recording('FAILED', { error: 'It broke.', check: 'missing' }), 'failed', 'File missing. It broke.'],
    [recording('COMPLETE', { size: 1, check: 'short' }), 'ready', 'Ready'],
  ] as const)('%j', (given, kind, text) => {
    expect(recordingState(given, 8_500)).toEqual({ kind, text })
  })
})

describe('isDeletable', () => {
  it.each([
    [recording('COMPLETE'), true],
    [recording('FAILED'), true],
    [recording('STARTED'), false],
    [recording('STOPPING'), false],
    [recording('FAILED', { name: '' }), false],
  ])('%j: %s', (given, expected) => {
    expect(isDeletable(given)).toBe(expected)
  })
})
