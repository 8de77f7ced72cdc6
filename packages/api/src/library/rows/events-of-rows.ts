import { isActiveStatus, type RecordingEvent, type RecordingInfo } from '@roomreel/contracts'
import { isDeepStrictEqual } from 'node:util'
import type { RecordingRows } from './recording-rows.ts'

/**
 * How it is told what has become of recordings: one that goes from its claim to its file, or changes its name, is
 * told by what it is now before it is told that its former name is gone. Pure.
 */
export function eventsOf(
  shown: readonly RecordingInfo[],
  gone: readonly RecordingInfo[],
  { get, isShown }: Pick<RecordingRows, 'get' | 'isShown'>,
): RecordingEvent[] {
  const byName = new Map(gone.map((recording) => [recording.name, recording]))
  const byId = new Map(gone.map((recording) => [recording.id, recording]))
  const events: RecordingEvent[] = []
  for (const recording of shown) {
    const before = recording.name === '' ? undefined : byName.get(recording.name)
    const known = before ?? (recording.id === '' ? undefined : byId.get(recording.id))
    if (known && isDeepStrictEqual(known, recording)) continue
    events.push({ type: isActiveStatus(recording.status) ? 'status' : 'saved', recording })
  }
  for (const { id, name, roomName, roomId } of gone) {
    if (name === '') {
      // What has no name can't be told to be gone
      if (!isShown(id)) events.push({ type: 'resync' })
    } else if (!get(name)) {
      events.push({ type: 'deleted', recordingName: name, roomName, roomId })
    }
  }
  return events
}
