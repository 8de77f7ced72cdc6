import { isActiveStatus, type RecordingInfo, type RoomMetadata } from '@roomreel/contracts'
import { roomMetadataOf } from '../rooms/room-recording-status.ts'
import { updateRoomMetadata } from '../rooms/update-room-metadata.ts'
import type { Services } from '../services.ts'
import type { Claim } from './claim.ts'

/** How often the room is told anew because its claim has changed meanwhile. */
const MAX_ATTEMPTS = 3

const NOTHING_RUNS: RoomMetadata = {
  recordingStatus: 'STOPPED',
  recordingId: undefined,
  recordingStartedAt: undefined,
  recordingError: undefined,
}

/**
 * Makes the room's metadata say what its claim says, or, when that is free, how the last recording ended. LiveKit
 * has no conditional writes, and another replica may be telling the room something older at this moment: so the
 * claim is read before and after, and whoever comes last tells what holds.
 * @param last the recording that ran before; undefined where it is not known
 * @param isWanted whether the room, by what it says now, needs to be told
 */
export async function tellRoom(
  services: Services,
  room: { readonly roomName: string; readonly roomId: string },
  last: RecordingInfo | undefined,
  isWanted: (says: RoomMetadata) => boolean = () => true,
): Promise<void> {
  let before = await services.store.getClaim(room.roomId)
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const says = metadataFor(before?.claim, last)
    await updateRoomMetadata(services, room, (current) => (isWanted(current) ? says : {}))
    const after = await services.store.getClaim(room.roomId)
    if (after?.etag === before?.etag) return
    before = after
  }
}

/** What a room is to be told. Pure. */
export function metadataFor(claim: Claim | undefined, last: RecordingInfo | undefined): RoomMetadata {
  if (claim?.state === 'held') {
    return claim.recording
      ? roomMetadataOf(claim.recording)
      : { ...NOTHING_RUNS, recordingStatus: 'STARTING' }
  }
  // One whose file is still being saved does not keep the room from being recorded anew
  return last && !isActiveStatus(last.status) ? roomMetadataOf(last) : NOTHING_RUNS
}
