import { z } from 'zod'
import { RecordingFilterSchema } from './recording-procedures.ts'
import { RecordingInfoSchema } from './recording-info.ts'

/**
 * What happens in the library, as `recordings.events` tells it: `status` while a recording runs (starting,
 * started, stopping), `saved` when it has ended (however it ended) or what is known of it has changed since,
 * `deleted` when it is gone. `resync` comes in place of what can't be told any more to a reader who was away too
 * long: fetch anew. An event may be told twice.
 */
export const RecordingEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), recording: RecordingInfoSchema }),
  z.object({ type: z.literal('saved'), recording: RecordingInfoSchema }),
  z.object({
    type: z.literal('deleted'),
    recordingName: z.string(),
    roomName: z.string(),
    roomId: z.string(),
  }),
  z.object({ type: z.literal('resync') }),
])
export type RecordingEvent = z.infer<typeof RecordingEventSchema>

/** `lastEventId` is sent by the SSE client when it comes back. */
export const RecordingEventsInputSchema = RecordingFilterSchema.extend({
  lastEventId: z.string().max(128).nullish(),
}).optional()
export type RecordingEventsInput = z.infer<typeof RecordingEventsInputSchema>
