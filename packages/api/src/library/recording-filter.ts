import type { RecordingFilter, RecordingInfo } from '@roomreel/contracts'
import { type LibraryPrincipal, maySeeRecording } from '../access/principal.ts'

type Filterable = Pick<RecordingInfo, 'name' | 'roomName' | 'roomId'>

/**
 * Which recordings a list shows: those of `recordingFilter` that also began and stand as is asked for. Events are
 * not filtered by that: whoever shows a row has to hear that it does not belong there any more. Pure.
 */
export function listFilter(
  principal: LibraryPrincipal,
  filter: RecordingFilter,
): (recording: RecordingInfo) => boolean {
  const isWanted = recordingFilter(principal, filter)
  const { startedFrom = 0, startedBefore = Number.POSITIVE_INFINITY, statuses } = filter
  return (recording) =>
    recording.startedAt >= startedFrom &&
    recording.startedAt < startedBefore &&
    (statuses === undefined || statuses.includes(recording.status)) &&
    isWanted(recording)
}

/** Which recordings a caller sees of those that they ask for. Pure; names compare exactly, search by substring. */
export function recordingFilter(
  principal: LibraryPrincipal,
  filter: RecordingFilter,
): (recording: Filterable) => boolean {
  const search = filter.search?.trim().toLocaleLowerCase()
  return (recording) =>
    maySeeRecording(principal, recording) &&
    (filter.roomName === undefined || recording.roomName === filter.roomName) &&
    (filter.roomId === undefined || recording.roomId === filter.roomId) &&
    (!search ||
      recording.roomName.toLocaleLowerCase().includes(search) ||
      recording.name.toLocaleLowerCase().includes(search))
}
