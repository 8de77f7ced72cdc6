import { z } from 'zod'
import { isActiveStatus, RecordingStatusSchema } from './recording-status.ts'

/** How the recorder arranges people: all alike, or the speaker large. */
export const RecordingLayoutSchema = z.enum(['grid', 'speaker'])
export type RecordingLayout = z.infer<typeof RecordingLayoutSchema>

/**
 * What a look at the saved file itself says: all is there (`verified`), it ends well before the recorder says it
 * does (`short`), nobody can be heard (`no audio`), it can't be played (`damaged`), or it is not there (`missing`).
 */
export const RecordingCheckSchema = z.enum(['verified', 'short', 'no audio', 'damaged', 'missing'])
export type RecordingCheck = z.infer<typeof RecordingCheckSchema>

/**
 * One recording, as procedures give it and as `<RECORDINGS_PATH>.metadata/<name without .mp4>.json` keeps it.
 * The first seven fields are those of OpenVidu's tutorial, whose files carry no more and are read as COMPLETE.
 * Unknown fields are dropped, so that newer files open in older versions.
 */
export const RecordingInfoSchema = z.object({
  /** LiveKit's egress id, `EG_…`; empty for a file that was found without anything being known of it. */
  id: z.string(),
  /** File name with `.mp4`; empty until the egress has named its file. */
  name: z.string(),
  roomName: z.string(),
  /** LiveKit's sid of the room session that was recorded. */
  roomId: z.string(),
  /** ms since the epoch; may be fractional in files of the tutorial. */
  startedAt: z.number().nonnegative(),
  /** Seconds; 0 while it runs. */
  duration: z.number().nonnegative(),
  /** Bytes; 0 while it runs and when nothing was saved. */
  size: z.number().nonnegative(),
  status: RecordingStatusSchema.default('COMPLETE'),
  layout: RecordingLayoutSchema.optional(),
  /** ms since the epoch of the newest news that this was made from. */
  updatedAt: z.number().nonnegative().optional(),
  /** Why it failed or ended early, in words for people. */
  error: z.string().optional(),
  /** What its file was found to be; absent until it has been looked at. */
  check: RecordingCheckSchema.optional().catch(undefined),
  /** Picture of it, by its place below RECORDINGS_PATH. */
  thumbnail: z
    .string()
    .regex(/^\.thumbnails\/[^/\\]+\.jpeg$/)
    .optional()
    .catch(undefined),
})
export type RecordingInfo = z.infer<typeof RecordingInfoSchema>

/** Whether there is a file that can be watched, however the recording ended. */
export function isPlayable(recording: Pick<RecordingInfo, 'name' | 'size' | 'status' | 'check'>): boolean {
  const { name, size, status, check } = recording
  return name !== '' && size > 0 && check !== 'missing' && !isActiveStatus(status)
}
