/** What the bench and its process of the index say to each other. */
import { z } from 'zod'

export const IndexRequestSchema = z.object({
  s3: z.object({
    endpoint: z.string(),
    region: z.string(),
    bucket: z.string(),
    accessKey: z.string(),
    secretKey: z.string(),
  }),
  livekit: z.object({ url: z.string(), apiKey: z.string(), apiSecret: z.string() }),
  /** How many there are to be known. */
  recordings: z.number(),
})
export type IndexRequest = z.infer<typeof IndexRequestSchema>

export const IndexWeightSchema = z.object({
  /** 10^6 bytes that the heap has grown by. */
  heapMB: z.number(),
  /** 10^6 bytes of the whole process. */
  rssMB: z.number(),
  /** Recordings that are in it. */
  known: z.number(),
})
export type IndexWeight = z.infer<typeof IndexWeightSchema>
