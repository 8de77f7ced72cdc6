import type { RecordingInfo, RecordingStatus, RoomMetadata, RoomRecordingStatus } from '@roomreel/contracts'
import { STOPPED_BEFORE_IT_BEGAN } from '../recordings/end-in-words.ts'

/** What a room's metadata says while, and after, this recording. Pure. */
export function roomMetadataOf(recording: RecordingInfo): RoomMetadata {
  // Somebody in the room wanted it so: nobody need be alarmed
  const isAsked = recording.status === 'ABORTED' && recording.error === STOPPED_BEFORE_IT_BEGAN
  const status = isAsked ? 'STOPPED' : ROOM_STATUS[recording.status]
  return {
    recordingStatus: status,
    recordingId: recording.id || undefined,
    recordingStartedAt: status === 'STARTED' || status === 'STOPPING' ? recording.startedAt : undefined,
    recordingError: status === 'FAILED' ? failureInWords(recording) : undefined,
  }
}

const ROOM_STATUS: Record<RecordingStatus, RoomRecordingStatus> = {
  STARTING: 'STARTING',
  STARTED: 'STARTED',
  STOPPING: 'STOPPING',
  COMPLETE: 'STOPPED',
  LIMIT_REACHED: 'STOPPED',
  // Nobody asked for this end, or nothing was recorded: either way the room is to hear of it
  ABORTED: 'FAILED',
  FAILED: 'FAILED',
}

function failureInWords({ error = 'The recording failed.', size }: RecordingInfo): string {
  return size > 0 ? `${error} What was recorded until then is saved.` : error
}
