import type { RoomMetadata } from '@roomreel/contracts'

/** What the room shows of its recording. */
export type RecordingPhase =
  | { readonly phase: 'idle' }
  /** A click of one's own that the room does not show yet. */
  | { readonly phase: 'asked' }
  /** The room says that one is on its way: it can be stopped already. */
  | { readonly phase: 'starting' }
  /** `startedAt` in ms since the epoch, where the room says it. */
  | { readonly phase: 'recording'; readonly startedAt: number | undefined }
  | { readonly phase: 'stopping' }
  | {
      readonly phase: 'failed'
      readonly recordingId: string | undefined
      readonly reason: string | undefined
    }

/**
 * The room's metadata says what is so; a click of one's own that the room does not show yet counts as well, so
 * that the button answers at once. Pure.
 */
export function recordingPhase(metadata: RoomMetadata, asked: 'start' | 'stop' | undefined): RecordingPhase {
  switch (metadata.recordingStatus) {
    case 'STARTING':
      return { phase: asked === 'stop' ? 'stopping' : 'starting' }
    case 'STARTED':
      if (asked === 'stop') return { phase: 'stopping' }
      return { phase: 'recording', startedAt: metadata.recordingStartedAt }
    case 'STOPPING':
      return { phase: 'stopping' }
    case 'FAILED':
      if (asked === 'start') return { phase: 'asked' }
      return { phase: 'failed', recordingId: metadata.recordingId, reason: metadata.recordingError }
    case 'STOPPED':
    case undefined:
      return { phase: asked === 'start' ? 'asked' : 'idle' }
  }
}
