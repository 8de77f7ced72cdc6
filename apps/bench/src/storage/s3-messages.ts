/** What the bench and its process of S3 say to each other. */
import { z } from 'zod'

export const S3OptionsSchema = z.object({
  dataDir: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  region: z.string(),
  bucket: z.string(),
})
export type S3Options = z.infer<typeof S3OptionsSchema>

/** What the process says once it listens. */
export const S3StartedSchema = z.object({ url: z.string() })
export type S3Started = z.infer<typeof S3StartedSchema>
