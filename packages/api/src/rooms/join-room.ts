import {
  type JoinRoomInput,
  type JoinRoomOutput,
  parseRoomMetadata,
  type RoomMetadata,
} from '@roomreel/contracts'
import { randomBytes } from 'node:crypto'
import { signRoomToken } from '../access/room-token.ts'
import { callLiveKit } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'
import { updateRoomMetadata } from './update-room-metadata.ts'

/**
 * Lets somebody into a room, which is created when it is not there: the token, and what they need to connect.
 * @throws AppError TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE
 */
export async function joinRoom(
  services: Services,
  input: JoinRoomInput,
  address: string,
): Promise<JoinRoomOutput> {
  services.rateLimits.countJoin(address)
  const { config, livekit } = services
  const ours: RoomMetadata = { createdBy: config.appName, recordingStatus: 'STOPPED' }
  // For a room that is there already, LiveKit answers with it as it is and ignores these options
  const room = await callLiveKit(livekit, 'createRoom', () =>
    livekit.rooms.createRoom({ name: input.roomName, metadata: JSON.stringify(ours) }),
  )
  const metadata = parseRoomMetadata(room.metadata)
  if (metadata.createdBy === undefined) {
    await updateRoomMetadata(services, { roomName: room.name, roomId: room.sid }, (current) => ({
      ...ours,
      ...current,
    }))
  }
  // Unique per join, so that two people of one name, or one person in two tabs, do not push each other out
  const identity = `${input.participantName.replace(/[^\p{L}\p{N}]+/gu, '-')}-${randomBytes(6).toString('hex')}`
  return {
    serverUrl: config.livekit.publicUrl,
    token: await signRoomToken(config.livekit, {
      identity,
      name: input.participantName,
      roomName: room.name,
      roomId: room.sid,
    }),
    roomName: room.name,
    roomId: room.sid,
    identity,
    recordingStatus: metadata.recordingStatus ?? 'STOPPED',
  }
}
