import { z } from 'zod'
import { RecordingNameSchema } from './names.ts'

/** Topic of the reliable data message that tells a room that one of its recordings is gone. */
export const RECORDING_DELETED_TOPIC = 'RECORDING_DELETED'

export const RecordingDeletedSchema = z.object({ recordingName: RecordingNameSchema })
export type RecordingDeleted = z.infer<typeof RecordingDeletedSchema>
