import { z } from 'zod'
import { ParticipantNameSchema, RoomNameSchema } from './names.ts'
import { RoomRecordingStatusSchema } from './recording-status.ts'

export const JoinRoomInputSchema = z.object({
  roomName: RoomNameSchema,
  participantName: ParticipantNameSchema,
})
export type JoinRoomInput = z.infer<typeof JoinRoomInputSchema>

export const JoinRoomOutputSchema = z.object({
  /** WebSocket URL of LiveKit as a browser reaches it. */
  serverUrl: z.string(),
  /** LiveKit access token; also the Bearer credential for this room session's procedures. */
  token: z.string(),
  roomName: z.string(),
  roomId: z.string(),
  /** Unique per join; the name is what the person typed. */
  identity: z.string(),
  recordingStatus: RoomRecordingStatusSchema,
})
export type JoinRoomOutput = z.infer<typeof JoinRoomOutputSchema>

export const PreviewRoomInputSchema = z.object({ roomName: RoomNameSchema })

/** What the join page says of a room before anybody enters it. */
export const PreviewRoomOutputSchema = z.object({
  recordingStatus: RoomRecordingStatusSchema,
  numParticipants: z.number().int().nonnegative(),
})
export type PreviewRoomOutput = z.infer<typeof PreviewRoomOutputSchema>
