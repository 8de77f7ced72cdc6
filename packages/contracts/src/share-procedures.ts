import { z } from 'zod'
import { MAX_SHARE_TOKEN_LENGTH } from './limits.ts'
import { RecordingInfoSchema } from './recording-info.ts'
import { StrategyInputSchema } from './recording-procedures.ts'

export const OpenShareInputSchema = z.object({
  shareToken: z.string().min(1).max(MAX_SHARE_TOKEN_LENGTH),
  strategy: StrategyInputSchema,
})
export type OpenShareInput = z.infer<typeof OpenShareInputSchema>

export const OpenShareOutputSchema = z.object({
  recording: RecordingInfoSchema,
  /** Plays the recording; absolute or relative to the page. */
  url: z.string(),
  /** ms since the epoch at which `url` stops working; opening the link again renews it. */
  expiresAt: z.number(),
})
export type OpenShareOutput = z.infer<typeof OpenShareOutputSchema>
