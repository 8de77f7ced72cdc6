import { isActiveStatus, isPlayable, type RecordingInfo } from '@roomreel/contracts'
import { formatDuration } from './format-duration.ts'

export interface RecordingState {
  readonly kind: 'starting' | 'running' | 'finalising' | 'ready' | 'partial' | 'failed'
  /** What a row says of it. */
  readonly text: string
}

/**
 * Where a recording stands, in words. Pure.
 * @param nowMs ms since the epoch; a running one ticks with it
 */
export function recordingState(recording: RecordingInfo, nowMs: number): RecordingState {
  switch (recording.status) {
    case 'STARTING':
      return { kind: 'starting', text: 'Starting…' }
    case 'STARTED':
      return {
        kind: 'running',
        text: `Recording ${formatDuration((nowMs - recording.startedAt) / 1000)}`,
      }
    case 'STOPPING':
      return { kind: 'finalising', text: 'Saving…' }
    case 'COMPLETE':
      return isPlayable(recording)
        ? { kind: 'ready', text: 'Ready' }
        : { kind: 'failed', text: withoutFile(recording, 'There is no file.') }
    case 'LIMIT_REACHED':
      return isPlayable(recording)
        ? { kind: 'ready', text: 'Ended at the time limit' }
        : { kind: 'failed', text: withoutFile(recording, 'There is no file.') }
    case 'ABORTED':
    case 'FAILED':
      return isPlayable(recording)
        ? { kind: 'partial', text: 'Ended early: what was saved can be played.' }
        : { kind: 'failed', text: withoutFile(recording, 'It failed before anything was saved.') }
  }
}

function withoutFile({ check, error }: RecordingInfo, fallback: string): string {
  if (check !== 'missing') return error ?? fallback
  return error === undefined ? 'File missing' : `File missing. ${error}`
}

/** Whether it may be deleted: a running one is stopped first. Pure. */
export function isDeletable(recording: RecordingInfo): boolean {
  return recording.name !== '' && !isActiveStatus(recording.status)
}
