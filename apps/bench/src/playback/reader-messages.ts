/** What the bench and its process of readers say to each other. */
import { z } from 'zod'

const ReadingSchema = z.object({
  type: z.literal('read'),
  url: z.string(),
  /** Bytes of the file. */
  size: z.number(),
  readers: z.number(),
  /** Bytes of each request, one after the other; absent for the whole file at once. */
  rangeBytes: z.number().optional(),
  /** Bytes a second that each reader wants, as a player does; absent for as fast as it goes. */
  paceBytesPerSecond: z.number().optional(),
})
export type Reading = Omit<z.infer<typeof ReadingSchema>, 'type'>

export const ReadersRequestSchema = z.discriminatedUnion('type', [
  ReadingSchema,
  /** Asks how much was read since it began. */
  z.object({ type: z.literal('count') }),
  z.object({ type: z.literal('stop') }),
])
export type ReadersRequest = z.infer<typeof ReadersRequestSchema>

export const ReadersNewsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('counted'), bytes: z.number(), requests: z.number() }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
])
export type ReadersNews = z.infer<typeof ReadersNewsSchema>
