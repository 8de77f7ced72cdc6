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
    /** Whose request it is: another text for each. */
    owner: z.string().optional(),
    /** ms since the epoch of the request to start. */
    requestedAt: z.number(),
    /**
     * ms since the epoch. Until then whoever made the claim may still be waiting for LiveKit's answer. A claim
     * that knows its recording ends with it instead.
     */
    expiresAt: z.number(),
    /** What is known of the recording; absent until LiveKit has answered. */
    recording: RecordingInfoSchema.optional(),
    /** ms since the epoch since which the egress shows no sign of life. */
    silentSince: z.number().optional(),
    /** ms since the epoch since which the recording is being finished. */
    stoppingSince: z.number().optional(),
    /** Whether its recorder has been seen in the room: only then does its absence say anything. */
    isRecorderSeen: z.boolean().optional(),
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
