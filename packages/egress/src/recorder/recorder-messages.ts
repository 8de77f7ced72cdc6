import { z } from 'zod'
import { LayoutName, RecordingPlan, ThemeName } from '../request/recording-plan.ts'

/**
 * Why a recording ended.
 * - `stopped`: asked to, by the API or by the worker
 * - `source_closed`: the room ended
 * - `limit_reached`: the longest duration allowed
 * - `failed`: an error; what was captured is kept
 * - `aborted`: ended before the first picture was written
 */
export const RecordingEnd = z.enum(['stopped', 'source_closed', 'limit_reached', 'failed', 'aborted'])
export type RecordingEnd = z.infer<typeof RecordingEnd>

/** The file a recording left in its folder. */
export const RecordedFile = z.object({
  /** Name inside the recording's folder. */
  name: z.string(),
  sizeBytes: z.int().nonnegative(),
  durationSeconds: z.number().nonnegative(),
})
export type RecordedFile = z.infer<typeof RecordedFile>

/** A picture taken beside the recording. */
export const RecordedImage = z.object({
  /** Position in the plan's list of image outputs. */
  output: z.int().nonnegative(),
  name: z.string(),
  /** Storage key. */
  key: z.string(),
  takenAtMs: z.int(),
  sizeBytes: z.int().nonnegative(),
})
export type RecordedImage = z.infer<typeof RecordedImage>

/** How a recording went; also written to its folder, for a worker that was away when it ended. */
export const RecordingOutcome = z.object({
  end: RecordingEnd,
  /** First picture, ms since the epoch; null if there is none. */
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number(),
  /** HTTP-like code and a sentence, for `failed` and `aborted`. */
  error: z.object({ code: z.int(), message: z.string() }).nullable(),
  /** null: nothing playable was captured */
  file: RecordedFile.nullable(),
})
export type RecordingOutcome = z.infer<typeof RecordingOutcome>

/** All a recorder process needs to know. */
export const RecordJob = z.object({
  type: z.literal('record'),
  egressId: z.string(),
  roomId: z.string(),
  livekitUrl: z.string(),
  token: z.string(),
  folder: z.string(),
  plan: RecordingPlan,
  maxDurationMs: z.number().positive(),
  heartbeatMs: z.number().positive(),
  /** How long joining may take before the recording is aborted. */
  joinTimeoutMs: z.number().positive(),
  /** How long a lost connection is tried anew before the recording ends. */
  rejoinTimeoutMs: z.number().positive(),
})
export type RecordJob = z.infer<typeof RecordJob>

/** Makes a playable file of what a dead recorder left behind. */
export const SalvageJob = z.object({
  type: z.literal('salvage'),
  folder: z.string(),
  startedAtMs: z.number().nullable(),
  heartbeatMs: z.number().positive(),
  error: z.object({ code: z.int(), message: z.string() }),
})
export type SalvageJob = z.infer<typeof SalvageJob>

/** What the worker tells a recorder process. */
export const WorkerMessage = z.discriminatedUnion('type', [
  RecordJob,
  SalvageJob,
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('layout'), layout: LayoutName, theme: ThemeName }),
])
export type WorkerMessage = z.infer<typeof WorkerMessage>

/** Counters of a running recorder, for the log. */
export const RecorderStats = z.object({
  pictures: z.int(),
  skippedSlots: z.int(),
  droppedPictures: z.int(),
  droppedBlocks: z.int(),
  replacedPictures: z.int(),
  audioMoves: z.int(),
  residentBytes: z.int(),
  cpuSeconds: z.number(),
})
export type RecorderStats = z.infer<typeof RecorderStats>

/** What a recorder process tells the worker. */
export const RecorderMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), startedAtMs: z.number() }),
  z.object({ type: z.literal('heartbeat'), stats: RecorderStats.nullable() }),
  z.object({ type: z.literal('ending'), end: RecordingEnd }),
  z.object({ type: z.literal('image'), image: RecordedImage }),
  z.object({ type: z.literal('finished'), outcome: RecordingOutcome }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()),
  }),
])
export type RecorderMessage = z.infer<typeof RecorderMessage>
