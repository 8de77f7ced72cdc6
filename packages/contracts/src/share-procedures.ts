import { z } from 'zod'
import {
  DEFAULT_SHARE_SECONDS,
  MAX_SHARE_SECONDS,
  MAX_SHARE_TOKEN_LENGTH,
  MIN_SHARE_SECONDS,
} from './limits.ts'
import { RecordingNameSchema } from './names.ts'
import { RecordingInfoSchema } from './recording-info.ts'
import { StrategyInputSchema } from './recording-procedures.ts'

/** Names a link without opening it: 32 hex digits. */
export const ShareLinkIdSchema = z.string().regex(/^[0-9a-f]{32}$/, 'No link has such an id.')

/** Who did something, as it is shown to people. */
export const ShareMakerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('admin') }),
  z.object({ kind: z.literal('participant'), identity: z.string(), name: z.string() }),
])
export type ShareMaker = z.infer<typeof ShareMakerSchema>

/** A link that opens one recording without any login. What opens it is known to those who have it alone. */
export const ShareLinkSchema = z.object({
  linkId: ShareLinkIdSchema,
  recordingName: RecordingNameSchema,
  /** Whether the file may be saved, and not only watched. */
  mayDownload: z.boolean(),
  /** ms since the epoch. */
  createdAt: z.number(),
  /** ms since the epoch. */
  expiresAt: z.number(),
  createdBy: ShareMakerSchema,
})
export type ShareLink = z.infer<typeof ShareLinkSchema>

export const ShareRecordingInputSchema = z.object({
  recordingName: RecordingNameSchema,
  expiresInSeconds: z
    .number()
    .int()
    .min(MIN_SHARE_SECONDS)
    .max(MAX_SHARE_SECONDS)
    .default(DEFAULT_SHARE_SECONDS),
  mayDownload: z.boolean().default(false),
})
export type ShareRecordingInput = z.infer<typeof ShareRecordingInputSchema>

export const ShareRecordingOutputSchema = z.object({
  /** `https://…/s/#<share token>`: what is behind the # never leaves a browser in the address of a request. */
  url: z.string(),
  /** ms since the epoch. */
  expiresAt: z.number(),
  linkId: ShareLinkIdSchema,
})
export type ShareRecordingOutput = z.infer<typeof ShareRecordingOutputSchema>

export const ListShareLinksInputSchema = z.object({ recordingName: RecordingNameSchema })

export const ListShareLinksOutputSchema = z.object({
  /** Those that work, newest first. */
  links: z.array(ShareLinkSchema),
})
export type ListShareLinksOutput = z.infer<typeof ListShareLinksOutputSchema>

export const RevokeShareLinkInputSchema = z.object({
  recordingName: RecordingNameSchema,
  linkId: ShareLinkIdSchema,
})
export type RevokeShareLinkInput = z.infer<typeof RevokeShareLinkInputSchema>

export const RevokeShareLinkOutputSchema = z.object({ linkId: ShareLinkIdSchema })
export type RevokeShareLinkOutput = z.infer<typeof RevokeShareLinkOutputSchema>

export const OpenShareInputSchema = z.object({
  /** What is behind the # of a link; or the link's id alone, for a browser that has entered it before. */
  shareToken: z.string().min(1).max(MAX_SHARE_TOKEN_LENGTH),
  /** The answer's URL makes the browser save the file; only where the link allows it. */
  download: z.boolean().optional(),
  strategy: StrategyInputSchema,
})
export type OpenShareInput = z.infer<typeof OpenShareInputSchema>

export const OpenShareOutputSchema = z.object({
  recording: RecordingInfoSchema,
  /** Plays (or saves) the recording; absolute or relative to the page. */
  url: z.string(),
  /** ms since the epoch at which `url` stops working; opening the link again renews it. */
  expiresAt: z.number(),
  linkId: ShareLinkIdSchema,
  mayDownload: z.boolean(),
  /** ms since the epoch at which the link itself stops working. */
  linkExpiresAt: z.number(),
})
export type OpenShareOutput = z.infer<typeof OpenShareOutputSchema>
