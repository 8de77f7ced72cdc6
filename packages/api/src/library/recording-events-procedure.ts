import { type RecordingEvent, RecordingEventsInputSchema } from '@roomreel/contracts'
import { tracked, type TRPCSubscriptionProcedure } from '@trpc/server'
import type { z } from 'zod'
import { libraryProcedure } from '../trpc.ts'
import { recordingFilter } from './recording-filter.ts'

/** Written out because the inferred type has a name that tRPC does not export. */
type RecordingEventsProcedure = TRPCSubscriptionProcedure<{
  input: z.input<typeof RecordingEventsInputSchema>
  output: AsyncIterable<{ id: string; data: RecordingEvent }, void>
  meta: object
}>

/** What happens to the recordings that the caller may see and asks for. */
export const recordingEventsProcedure: RecordingEventsProcedure = libraryProcedure
  .input(RecordingEventsInputSchema)
  .subscription(async function* ({ ctx, input, signal }) {
    const isWanted = recordingFilter(ctx.principal, input ?? {})
    const ended = signal ?? new AbortController().signal
    for await (const { id, event } of ctx.feed.read(input?.lastEventId ?? undefined, ended)) {
      if (event.type === 'resync' || isWanted(subjectOf(event))) yield tracked(id, event)
    }
  })

/** By what an event is filtered: what has been deleted is known by its names alone. */
function subjectOf(event: Exclude<RecordingEvent, { type: 'resync' }>) {
  return event.type === 'deleted' ? { ...event, name: event.recordingName } : event.recording
}
