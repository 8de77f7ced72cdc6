import type { RecordingFilter, RecordingInfo } from '@roomreel/contracts'

/**
 * Whether a list that is filtered so has this recording: the server chooses what it lists, the page chooses among
 * what it is told afterwards, because a recording can leave a list as well as come into it. Pure.
 */
export function belongsToFilter(
  recording: Pick<RecordingInfo, 'name' | 'roomName' | 'roomId' | 'startedAt' | 'status'>,
  { roomName, roomId, search, startedFrom, startedBefore, statuses }: RecordingFilter,
): boolean {
  const sought = search?.trim().toLocaleLowerCase() ?? ''
  return (
    (roomName === undefined || recording.roomName === roomName) &&
    (roomId === undefined || recording.roomId === roomId) &&
    (sought === '' ||
      recording.roomName.toLocaleLowerCase().includes(sought) ||
      recording.name.toLocaleLowerCase().includes(sought)) &&
    (startedFrom === undefined || recording.startedAt >= startedFrom) &&
    (startedBefore === undefined || recording.startedAt < startedBefore) &&
    (statuses === undefined || statuses.includes(recording.status))
  )
}
