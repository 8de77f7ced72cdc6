import { parseRoomMetadata, type PreviewRoomOutput } from '@roomreel/contracts'
import type { Services } from '../services.ts'
import { findRoom } from './find-room.ts'

/**
 * What somebody may know of a room before entering it: whether it is being recorded, and how many are in it.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function previewRoom(services: Services, roomName: string): Promise<PreviewRoomOutput> {
  const room = await findRoom(services.livekit, roomName)
  return {
    recordingStatus: parseRoomMetadata(room?.metadata).recordingStatus ?? 'STOPPED',
    numParticipants: room?.numParticipants ?? 0,
  }
}
