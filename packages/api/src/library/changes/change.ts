import { RecordingInfoSchema } from '@roomreel/contracts'
import { z } from 'zod'
import { ClaimSchema } from '../../recordings/claim.ts'

/** What a change is about, as far as its writer knew. */
const SubjectSchema = RecordingInfoSchema.pick({ id: true, name: true, roomName: true, roomId: true })
export type ChangeSubject = z.infer<typeof SubjectSchema>

/** One object of the library that was written or removed. */
export const ChangeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('put'),
    key: z.string(),
    etag: z.string(),
    /** The version that the writer knew before; absent where it knew none. */
    before: z.string().optional(),
    recording: RecordingInfoSchema.optional(),
    claim: ClaimSchema.optional(),
    subject: SubjectSchema.optional(),
  }),
  z.object({
    type: z.literal('remove'),
    key: z.string(),
    before: z.string().optional(),
    subject: SubjectSchema.optional(),
  }),
  /** Something happened that the log does not say: whoever reads this has to look at everything. */
  z.object({ type: z.literal('lost') }),
])
export type Change = z.infer<typeof ChangeSchema>

export const ChangeEntrySchema = z.object({ changes: z.array(ChangeSchema) })
