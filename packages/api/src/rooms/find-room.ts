import type { Room } from 'livekit-server-sdk'
import { callLiveKit, type LiveKitApi } from '../livekit/livekit-api.ts'

/**
 * @returns the room as it is now; undefined when nobody has opened it
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function findRoom(livekit: LiveKitApi, roomName: string): Promise<Room | undefined> {
  const rooms = await callLiveKit(livekit, 'listRooms', () => livekit.rooms.listRooms([roomName]))
  return rooms.find((room) => room.name === roomName)
}
