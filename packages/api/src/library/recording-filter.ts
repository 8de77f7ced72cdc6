import type { RecordingFilter, RecordingInfo } from '@roomreel/contracts'
import { type LibraryPrincipal, maySeeRecording } from '../access/principal.ts'

type Filterable = Pick<RecordingInfo, 'name' | 'roomName' | 'roomId'>

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
