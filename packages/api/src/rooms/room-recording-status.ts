import type { RecordingInfo, RecordingStatus, RoomMetadata, RoomRecordingStatus } from '@roomreel/contracts'

/** What a room's metadata says while, and after, this recording. Pure. */
export function roomMetadataOf(recording: RecordingInfo): RoomMetadata {
  const status = roomStatusOf(recording)
  return {
    recordingStatus: status,
    recordingId: recording.id || undefined,
    recordingStartedAt: status === 'STARTED' || status === 'STOPPING' ? recording.startedAt : undefined,
    recordingError: status === 'FAILED' ? (recording.error ?? 'The recording failed.') : undefined,
  }
}

const ROOM_STATUS: Record<RecordingStatus, RoomRecordingStatus> = {
  STARTING: 'STARTING',
  STARTED: 'STARTED',
  STOPPING: 'STOPPING',
  COMPLETE: 'STOPPED',
  LIMIT_REACHED: 'STOPPED',
  ABORTED: 'STOPPED',
  FAILED: 'FAILED',
}

function roomStatusOf({ status, size }: RecordingInfo): RoomRecordingStatus {
  return status === 'ABORTED' && size === 0 ? 'FAILED' : ROOM_STATUS[status]
}
