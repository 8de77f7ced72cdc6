import { z } from 'zod'
import { RecordingNameSchema } from './names.ts'

/** What the audit log tells of. */
export const AuditActionSchema = z.enum([
  'recording.started',
  'recording.stopped',
  // A URL to play it was given; the player renews it, which is told once
  'recording.played',
  'recording.downloaded',
  'recording.deleted',
  'share.created',
  'share.revoked',
  'session.login',
  'session.login-failed',
])
export type AuditAction = z.infer<typeof AuditActionSchema>

export const AuditActorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('admin') }),
  z.object({ kind: z.literal('participant'), identity: z.string(), name: z.string() }),
  /** Whoever has this share link. */
  z.object({ kind: z.literal('link'), linkId: z.string() }),
  z.object({ kind: z.literal('anonymous') }),
])
export type AuditActor = z.infer<typeof AuditActorSchema>

/** One line of the audit log: what happened, when, by whom, from where. */
export const AuditEntrySchema = z.object({
  /** ms since the epoch. */
  at: z.number(),
  action: AuditActionSchema,
  actor: AuditActorSchema,
  /** The client's address. */
  address: z.string(),
  recordingName: z.string().optional(),
  /** LiveKit's egress id: a recording that is being started has no name yet. */
  recordingId: z.string().optional(),
  roomName: z.string().optional(),
  /** The share link that it is about. */
  linkId: z.string().optional(),
})
export type AuditEntry = z.infer<typeof AuditEntrySchema>

export const ListAuditInputSchema = z.object({ recordingName: RecordingNameSchema })

export const ListAuditOutputSchema = z.object({
  /** Where entries are kept; those of stdout can't be read here. */
  keptIn: z.enum(['s3', 'stdout', 'off']),
  /** Newest first. */
  entries: z.array(AuditEntrySchema),
  /** Whether there are older ones. */
  hasMore: z.boolean(),
})
export type ListAuditOutput = z.infer<typeof ListAuditOutputSchema>
