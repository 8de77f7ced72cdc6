import type { PlaybackOutput, PlaybackStrategy, RecordingInfo } from '@roomreel/contracts'
import { type MediaTicketUse, signMediaTicket } from '../access/media-ticket.ts'
import { attachmentNamed } from '../media/content-disposition.ts'
import type { Services } from '../services.ts'

/** What of a recording a URL is for, and where it is to be read from. */
export interface MediaUrlOptions {
  readonly part: MediaTicketUse
  /** Instead of the configured one. */
  readonly strategy?: PlaybackStrategy | undefined
  /** ms since the epoch: it works no longer than this. */
  readonly notAfter?: number
}

/** A URL that opens one file of a recording for a while, without any other credential. */
export async function mediaUrl(
  services: Services,
  recording: Pick<RecordingInfo, 'name' | 'thumbnail'>,
  { part, strategy = services.config.playbackStrategy, notAfter = Number.POSITIVE_INFINITY }: MediaUrlOptions,
): Promise<PlaybackOutput> {
  const { config, keys, objects, signingKeys } = services
  const now = services.now()
  const expiresAt = Math.min(now + config.playbackUrlSeconds * 1000, notAfter)
  if (strategy === 'PROXY') {
    const query = new URLSearchParams({
      ticket: await signMediaTicket(
        signingKeys,
        { recordingName: recording.name, use: part },
        now,
        expiresAt,
      ),
      ...(part === 'download' && { download: '1' }),
    })
    const path = `/media/${encodeURIComponent(recording.name)}${part === 'thumbnail' ? '/thumbnail' : ''}`
    return { url: `${path}?${query.toString()}`, strategy, expiresAt }
  }
  const url = await objects.presign(
    keys.file((part === 'thumbnail' && recording.thumbnail) || recording.name),
    {
      expiresInSeconds: Math.max(1, Math.floor((expiresAt - now) / 1000)),
      contentType: part === 'thumbnail' ? 'image/jpeg' : 'video/mp4',
      contentDisposition: part === 'download' ? attachmentNamed(recording.name) : 'inline',
    },
  )
  return { url, strategy, expiresAt }
}
