import { z } from 'zod'
import { storedObjectSchema, uploadPartSchema, uploadSchema } from './stored-object.ts'

/** One change of the store. Each is applied whole or, after a crash, not at all. */
export const journalRecordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bucket-created'), bucket: z.string(), atMs: z.int() }),
  z.object({ type: z.literal('bucket-deleted'), bucket: z.string() }),
  z.object({
    type: z.literal('object-put'),
    bucket: z.string(),
    key: z.string(),
    object: storedObjectSchema,
  }),
  z.object({ type: z.literal('object-deleted'), bucket: z.string(), key: z.string() }),
  z.object({ type: z.literal('upload-created'), upload: uploadSchema }),
  z.object({ type: z.literal('part-put'), uploadId: z.string(), part: uploadPartSchema }),
  z.object({
    type: z.literal('upload-completed'),
    uploadId: z.string(),
    bucket: z.string(),
    key: z.string(),
    object: storedObjectSchema,
  }),
  z.object({ type: z.literal('upload-aborted'), uploadId: z.string() }),
])
export type JournalRecord = z.infer<typeof journalRecordSchema>
