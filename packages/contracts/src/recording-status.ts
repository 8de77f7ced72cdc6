import { z } from 'zod'

/**
 * What a room's metadata says of its recording. STOPPED and FAILED both mean that a new one can be started.
 */
export const RoomRecordingStatusSchema = z.enum(['STARTING', 'STARTED', 'STOPPING', 'STOPPED', 'FAILED'])
export type RoomRecordingStatus = z.infer<typeof RoomRecordingStatusSchema>

/**
 * Where one recording stands. The first three are the room's words for a running one; the others are
 * LiveKit's for how an egress ended. ABORTED and FAILED may have a file all the same: see `isPlayable`.
 */
export const RecordingStatusSchema = z.enum([
  'STARTING',
  'STARTED',
  'STOPPING',
  'COMPLETE',
  'LIMIT_REACHED',
  'ABORTED',
  'FAILED',
])
export type RecordingStatus = z.infer<typeof RecordingStatusSchema>

/** Whether the egress behind it still runs, or is still saving its file. */
export function isActiveStatus(status: RecordingStatus): boolean {
  return status === 'STARTING' || status === 'STARTED' || status === 'STOPPING'
}
