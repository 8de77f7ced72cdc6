import { z } from 'zod'
import { RoomRecordingStatusSchema } from './recording-status.ts'

/**
 * LiveKit room metadata as this product writes it: everybody in the room, late joiners included, learns the
 * recording's status from it. Keys that others put there are kept. A key that is there in a shape that is not
 * ours is read as absent, never as an error: the room belongs to its other users, too.
 */
export const RoomMetadataSchema = z.looseObject({
  /** Which application the room belongs to. */
  createdBy: z.string().optional().catch(undefined),
  recordingStatus: RoomRecordingStatusSchema.optional().catch(undefined),
  /** Egress id of the recording that `recordingStatus` speaks of. */
  recordingId: z.string().optional().catch(undefined),
  /** ms since the epoch at which the running recording began. */
  recordingStartedAt: z.number().optional().catch(undefined),
  /** Why the last recording failed, in words for people. */
  recordingError: z.string().optional().catch(undefined),
})
export type RoomMetadata = z.infer<typeof RoomMetadataSchema>

/** Reads a room's metadata text; anything that is no JSON object counts as empty. */
export function parseRoomMetadata(text: string | undefined): RoomMetadata {
  if (!text) return {}
  try {
    const parsed = RoomMetadataSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : {}
  } catch {
    // Not JSON: somebody else's format, which holds none of our keys
    return {}
  }
}
