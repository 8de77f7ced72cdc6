import { RecordingInfoSchema } from '@roomreel/contracts'
import { z } from 'zod'

/**
 * The record that a recording was deleted. Writing it is the moment at which the recording is gone for everybody;
 * what is left of it goes afterwards, by whoever wrote it or, after a crash, by the reconciler.
 */
export const TombstoneSchema = z.object({
  /** `deleting` until nothing is left. A file that turns up after `deleted` has been put back by somebody. */
  state: z.enum(['deleting', 'deleted']),
  name: z.string(),
  id: z.string(),
  roomName: z.string(),
  roomId: z.string(),
  /** ms since the epoch. */
  deletedAt: z.number(),
  /** Its picture, by its place below RECORDINGS_PATH. */
  thumbnail: RecordingInfoSchema.shape.thumbnail,
})
export type Tombstone = z.infer<typeof TombstoneSchema>
