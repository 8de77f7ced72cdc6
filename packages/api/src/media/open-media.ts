import { RecordingNameSchema } from '@roomreel/contracts'
import type { Readable } from 'node:stream'
import { type MediaTicketUse, verifyMediaTicket } from '../access/media-ticket.ts'
import { AppError } from '../app-error.ts'
import { recordingNotFound } from '../recordings/find-recording.ts'
import type { Services } from '../services.ts'
import type { ObjectHead } from '../storage/object-store.ts'
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
  const admitted = await verifyMediaTicket(services.signingKeys, ticket, services.now())
  if (
    admitted.recordingName !== query.recordingName ||
    !RecordingNameSchema.safeParse(admitted.recordingName).success
  ) {
    throw new AppError('UNAUTHORIZED', 'This link is for another recording.')
  }
  if (admitted.use !== useOf(query)) {
    throw new AppError('FORBIDDEN', 'This link is for another use: to watch, to save, or for the picture.')
  }
  const { fileName, contentType } = await partOf(services, query)
  const { objects, config } = services
  const key = services.keys.file(fileName)
  const openAs = async (head: ObjectHead): Promise<OpenedMedia | undefined> => {
    const plan = planMediaResponse({ ...query, fileName, contentType }, head, config.filePortionSizeBytes)
    if (plan.body === 'none' || head.size === 0) return { ...plan, body: undefined }
    const range = plan.body === 'whole' ? undefined : `bytes=${plan.body.start}-${plan.body.end}`
    const body = await objects.read(key, head.etag, range, signal)
    return body && { ...plan, body }
  }
  // A player asks for many parts of one file. S3 gives bytes of the version that was planned for and of no other,
  // so an answer that has bytes is right, however long ago the file was looked at
  const recent = objects.recentHead(key)
  const again = recent && (await openAs(recent))
  if (again?.body) return again
  const head = await objects.head(key)
  const opened = head && (await openAs(head))
  // Not there, or deleted or overwritten between the two requests
  if (!opened) throw recordingNotFound()
  return opened
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
