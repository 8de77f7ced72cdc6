import { RecordingInfoSchema } from '@roomreel/contracts'
import { z } from 'zod'

/** An ended recording as it is kept in S3: what procedures give, and what only this server needs. */
export const StoredRecordingSchema = RecordingInfoSchema.extend({
  /** ms since the epoch at which `check`, `size` and `duration` were read from the file itself. */
  checkedAt: z.number().nonnegative().optional(),
  /** What the recorder calls its file, where that file was not there. */
  expectedName: z.string().optional(),
})
export type StoredRecording = z.infer<typeof StoredRecordingSchema>
