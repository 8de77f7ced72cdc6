import { parseRoomMetadata, type RoomMetadata } from '@roomreel/contracts'
import { callLiveKit, liveKitStatus } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'
import { findRoom } from './find-room.ts'

/**
 * Changes some keys of a room's metadata and keeps the others as they are at this moment. A room that is gone,
 * or is another session by now, is left alone.
 * @param change gives the keys to set from what is there now; a key set to undefined is removed
 */
export async function updateRoomMetadata(
  services: Pick<Services, 'livekit'>,
  room: { roomName: string; roomId: string },
  change: (current: RoomMetadata) => RoomMetadata,
): Promise<void> {
  const live = await findRoom(services.livekit, room.roomName)
  if (live?.sid !== room.roomId) return
  const current = parseRoomMetadata(live.metadata)
  const next = JSON.stringify({ ...current, ...change(current) })
  if (next === JSON.stringify(current)) return
  try {
    await callLiveKit(services.livekit, 'updateRoomMetadata', () =>
      services.livekit.rooms.updateRoomMetadata(room.roomName, next),
    )
  } catch (error) {
    // It has gone since it was looked at
    if (liveKitStatus(error) !== 404) throw error
  }
}
