import { describe, expect, it } from 'vitest'
import { recordingPhase } from './recording-phase.ts'

describe('recordingPhase', () => {
  it.each([
    ['a room without metadata', {}, undefined, { phase: 'idle' }],
    ['a room that was recorded', { recordingStatus: 'STOPPED' }, undefined, { phase: 'idle' }],
    ['my click, before the room shows it', { recordingStatus: 'STOPPED' }, 'start', { phase: 'asked' }],
    ['a start', { recordingStatus: 'STARTING' }, undefined, { phase: 'starting' }],
    ['my own start, once the room shows it', { recordingStatus: 'STARTING' }, 'start', { phase: 'starting' }],
    ['a start that I stop', { recordingStatus: 'STARTING' }, 'stop', { phase: 'stopping' }],
    [
      'a running one, for whoever comes late',
      { recordingStatus: 'STARTED', recordingStartedAt: 5 },
      undefined,
      { phase: 'recording', startedAt: 5 },
    ],
    [
      'one that another application started',
      { recordingStatus: 'STARTED' },
      undefined,
      { phase: 'recording', startedAt: undefined },
    ],
    ['a running one that I stop', { recordingStatus: 'STARTED' }, 'stop', { phase: 'stopping' }],
    ['a stop', { recordingStatus: 'STOPPING' }, undefined, { phase: 'stopping' }],
    [
      'a failure',
      { recordingStatus: 'FAILED', recordingId: 'EG_1', recordingError: 'The disk is full.' },
      undefined,
      { phase: 'failed', recordingId: 'EG_1', reason: 'The disk is full.' },
    ],
    ['another try after a failure', { recordingStatus: 'FAILED' }, 'start', { phase: 'asked' }],
  ] as const)('%s', (_what, metadata, asked, expected) => {
    expect(recordingPhase(metadata, asked)).toEqual(expected)
  })
})
