/** What the bench and its process of participants say to each other. */
import { z } from 'zod'

/** Someone who joins a room with a camera, and perhaps sees the others. */
export interface Participant {
  readonly serverUrl: string
  readonly token: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  /** Whether smaller copies are sent beside the large one, as browsers do. */
  readonly simulcast: boolean
  /** Whether the others' pictures are received and decoded, too. */
  readonly subscribes: boolean
}

export const ParticipantsRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('join'),
    participants: z.array(
      z.object({
        serverUrl: z.string(),
        token: z.string(),
        width: z.number(),
        height: z.number(),
        framesPerSecond: z.number(),
        simulcast: z.boolean(),
        subscribes: z.boolean(),
      }),
    ),
  }),
  /** Asks how many frames were decoded so far. */
  z.object({ type: z.literal('count') }),
])
export type ParticipantsRequest = z.infer<typeof ParticipantsRequestSchema>

export const ParticipantsNewsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('joined') }),
  z.object({ type: z.literal('metadata'), participant: z.number(), metadata: z.string() }),
  z.object({ type: z.literal('counted'), framesDecoded: z.number() }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
])
export type ParticipantsNews = z.infer<typeof ParticipantsNewsSchema>
