import { RecordingInfoSchema, RecordingLayoutSchema } from '@roomreel/contracts'
import { z } from 'zod'

/**
 * The record that makes "one recording per room session" true between replicas: it is changed by conditional
 * writes alone, and freed by being overwritten, never by being deleted (a delete can't be conditional
 * everywhere, and an unconditional one could hit the next holder's claim).
 */
export const ClaimSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('held'),
    roomName: z.string(),
    roomId: z.string(),
    layout: RecordingLayoutSchema,
    /** ms since the epoch of the request to start. */
    requestedAt: z.number(),
    /**
     * ms since the epoch. Until then whoever made the claim may still be waiting for LiveKit's answer. A claim
     * that knows its recording ends with it instead.
     */
    expiresAt: z.number(),
    /** What is known of the recording; absent until LiveKit has answered. */
    recording: RecordingInfoSchema.optional(),
    /** ms since the epoch since which LiveKit says that it does not know this egress. */
    missingSince: z.number().optional(),
  }),
  z.object({
    state: z.literal('free'),
    roomName: z.string(),
    roomId: z.string(),
    /** ms since the epoch. */
    freedAt: z.number(),
  }),
])
export type Claim = z.infer<typeof ClaimSchema>
export type HeldClaim = Extract<Claim, { state: 'held' }>

export interface StoredClaim {
  readonly claim: Claim
  readonly etag: string
}
