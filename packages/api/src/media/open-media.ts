import { RecordingNameSchema } from '@roomreel/contracts'
import type { Readable } from 'node:stream'
import { type MediaTicketUse, verifyMediaTicket } from '../access/media-ticket.ts'
import { AppError } from '../app-error.ts'
import { recordingNotFound } from '../recordings/find-recording.ts'
import type { Services } from '../services.ts'
import { type MediaRequest, type MediaResponse, planMediaResponse } from './plan-media-response.ts'

/** What a client asks for of a recording. */
export interface MediaQuery extends Pick<MediaRequest, 'method' | 'headers' | 'download'> {
  readonly recordingName: string
  readonly part: 'video' | 'thumbnail'
}

export interface OpenedMedia extends Omit<MediaResponse, 'body'> {
  /** Absent where the answer has no body. Whoever gets it reads it or destroys it. */
  readonly body: Readable | undefined
}

/**
 * Answers a request for a recording's file, under the ticket that came with it. The ticket is checked before
 * anything is read from S3.
 * @param signal ends the read from S3 when the client has left
 * @throws AppError UNAUTHORIZED, FORBIDDEN (a ticket for another use), NOT_FOUND, SERVICE_UNAVAILABLE
 */
export async function openMedia(
  services: Services,
  query: MediaQuery,
  ticket: string | undefined,
  signal: AbortSignal,
): Promise<OpenedMedia> {
  if (!ticket) throw new AppError('UNAUTHORIZED', 'Open the recording in the app to play it.')
  const opened = await verifyMediaTicket(services.signingKeys, ticket, services.now())
  if (
    opened.recordingName !== query.recordingName ||
    !RecordingNameSchema.safeParse(opened.recordingName).success
  ) {
    throw new AppError('UNAUTHORIZED', 'This link is for another recording.')
  }
  if (opened.use !== useOf(query)) {
    throw new AppError('FORBIDDEN', 'This link is for another use: to watch, to save, or for the picture.')
  }
  const { fileName, contentType } = await partOf(services, query)
  const key = services.keys.file(fileName)
  const head = await services.objects.head(key)
  if (!head) throw recordingNotFound()
  const plan = planMediaResponse(
    { ...query, fileName, contentType },
    head,
    services.config.filePortionSizeBytes,
  )
  if (plan.body === 'none' || head.size === 0) return { ...plan, body: undefined }
  const range = plan.body === 'whole' ? undefined : `bytes=${plan.body.start}-${plan.body.end}`
  const body = await services.objects.read(key, head.etag, range, signal)
  // Deleted or overwritten between the two requests
  if (!body) throw recordingNotFound()
  return { ...plan, body }
}

function useOf({ part, download }: MediaQuery): MediaTicketUse {
  return part === 'video' && download ? 'download' : part
}

async function partOf(
  { store }: Services,
  query: MediaQuery,
): Promise<{ fileName: string; contentType: string }> {
  if (query.part === 'video') return { fileName: query.recordingName, contentType: 'video/mp4' }
  const thumbnail = (await store.getSaved(query.recordingName))?.thumbnail
  if (!thumbnail) throw recordingNotFound()
  return { fileName: thumbnail, contentType: 'image/jpeg' }
}
