import { z } from 'zod'
import {
  DEFAULT_LIST_LIMIT,
  MAX_CURSOR_LENGTH,
  MAX_DELETE_COUNT,
  MAX_LIST_LIMIT,
  MAX_SEARCH_LENGTH,
} from './limits.ts'
import { RecordingNameSchema, RoomIdSchema, RoomNameSchema } from './names.ts'
import { RecordingInfoSchema, RecordingLayoutSchema } from './recording-info.ts'
import { RecordingStatusSchema } from './recording-status.ts'

export const StartRecordingInputSchema = z.object({
  roomName: RoomNameSchema,
  layout: RecordingLayoutSchema.optional(),
})
export type StartRecordingInput = z.infer<typeof StartRecordingInputSchema>

export const StopRecordingInputSchema = z.object({ roomName: RoomNameSchema })
export type StopRecordingInput = z.infer<typeof StopRecordingInputSchema>

/** Which recordings a list or a subscription is about; a room token narrows it to its own session anyway. */
export const RecordingFilterSchema = z.object({
  roomName: RoomNameSchema.optional(),
  roomId: RoomIdSchema.optional(),
  /** Substring of the room's or the recording's name, without regard to case. */
  search: z.string().max(MAX_SEARCH_LENGTH).optional(),
  /** ms since the epoch: those that began at this time or later. */
  startedFrom: z.number().nonnegative().optional(),
  /** ms since the epoch: those that began before this time. */
  startedBefore: z.number().nonnegative().optional(),
  /** Those in any of these states. */
  statuses: z.array(RecordingStatusSchema).min(1).max(RecordingStatusSchema.options.length).optional(),
})
export type RecordingFilter = z.infer<typeof RecordingFilterSchema>

export const ListRecordingsInputSchema = RecordingFilterSchema.extend({
  /** From the answer before; opaque. */
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional(),
  limit: z.number().int().min(1).max(MAX_LIST_LIMIT).default(DEFAULT_LIST_LIMIT),
})
export type ListRecordingsInput = z.infer<typeof ListRecordingsInputSchema>

export const ListRecordingsOutputSchema = z.object({
  items: z.array(RecordingInfoSchema),
  /** Absent on the last page. */
  nextCursor: z.string().optional(),
})
export type ListRecordingsOutput = z.infer<typeof ListRecordingsOutputSchema>

export const GetRecordingInputSchema = z.object({ recordingName: RecordingNameSchema })

/** Where a browser reads a file from: S3 itself, or the app. */
export const PlaybackStrategySchema = z.enum(['S3', 'PROXY'])
export type PlaybackStrategy = z.infer<typeof PlaybackStrategySchema>

/** What a browser asks for that can't reach S3; without it, the server's own strategy is used. */
export const StrategyInputSchema = z.literal('PROXY').optional()

export const PlaybackInputSchema = z.object({
  recordingName: RecordingNameSchema,
  /** The answer's URL makes the browser save the file instead of showing it. */
  download: z.boolean().optional(),
  strategy: StrategyInputSchema,
})
export type PlaybackInput = z.infer<typeof PlaybackInputSchema>

export const PlaybackOutputSchema = z.object({
  url: z.string(),
  strategy: PlaybackStrategySchema,
  /** ms since the epoch at which the URL stops working. */
  expiresAt: z.number(),
})
export type PlaybackOutput = z.infer<typeof PlaybackOutputSchema>

export const ThumbnailsInputSchema = z.object({
  recordingNames: z.array(RecordingNameSchema).max(MAX_LIST_LIMIT),
  strategy: StrategyInputSchema,
})
export type ThumbnailsInput = z.infer<typeof ThumbnailsInputSchema>

export const ThumbnailsOutputSchema = z.object({
  /** Only of those recordings that have one. */
  thumbnails: z.array(z.object({ recordingName: z.string(), url: z.string() })),
  /** ms since the epoch at which the URLs stop working. */
  expiresAt: z.number(),
})
export type ThumbnailsOutput = z.infer<typeof ThumbnailsOutputSchema>

export const DeleteRecordingsInputSchema = z.object({
  recordingNames: z.array(RecordingNameSchema).min(1).max(MAX_DELETE_COUNT),
})

export const DeleteRecordingsOutputSchema = z.object({
  deleted: z.array(z.string()),
  failed: z.array(z.object({ recordingName: z.string(), code: z.string(), message: z.string() })),
})
export type DeleteRecordingsOutput = z.infer<typeof DeleteRecordingsOutputSchema>
