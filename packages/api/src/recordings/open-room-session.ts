import type { Room } from 'livekit-server-sdk'
import type { ParticipantPrincipal } from '../access/principal.ts'
import { AppError } from '../app-error.ts'
import { findRoom } from '../rooms/find-room.ts'
import type { Services } from '../services.ts'

/**
 * Checks that a token is for this room, and for the session of it that goes on now.
 * @returns the room; undefined when it is not there any more
 * @throws AppError FORBIDDEN, SERVICE_UNAVAILABLE
 */
export async function openRoomSession(
  services: Pick<Services, 'livekit'>,
  principal: ParticipantPrincipal,
  roomName: string,
): Promise<Room | undefined> {
  if (principal.roomName !== roomName) {
    throw new AppError('FORBIDDEN', 'Your access is for another meeting.')
  }
  const room = await findRoom(services.livekit, roomName)
  if (room && room.sid !== principal.roomId) {
    throw new AppError('FORBIDDEN', 'Your access is for an earlier meeting of this name. Join again.')
  }
  return room
}
