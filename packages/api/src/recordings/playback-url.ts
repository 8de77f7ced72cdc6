import type { PlaybackOutput, RecordingInfo } from '@roomreel/contracts'
import { isPlayable } from '@roomreel/contracts'
import { PLAYBACK_SECONDS, signMediaTicket } from '../access/media-ticket.ts'
import { AppError } from '../app-error.ts'
import { attachmentNamed } from '../media/content-disposition.ts'
import type { Services } from '../services.ts'

/**
 * A URL that plays (or downloads) one recording for an hour, without any other credential.
 * @throws AppError CONFLICT while it is not finished, NOT_FOUND when it ended without a file
 */
export async function playbackUrl(
  services: Services,
  recording: RecordingInfo,
  options: { download: boolean },
): Promise<PlaybackOutput> {
  assertPlayable(recording)
  const now = services.now()
  const expiresAt = now + PLAYBACK_SECONDS * 1000
  const strategy = services.config.playbackStrategy
  if (strategy === 'S3') {
    const url = await services.objects.presign(services.keys.file(recording.name), {
      expiresInSeconds: PLAYBACK_SECONDS,
      contentType: 'video/mp4',
      ...(options.download && { contentDisposition: attachmentNamed(recording.name) }),
    })
    return { url, strategy, expiresAt }
  }
  const query = new URLSearchParams({
    ticket: await signMediaTicket(services.signingKeys, recording.name, now, expiresAt),
    ...(options.download && { download: '1' }),
  })
  return { url: `/media/${encodeURIComponent(recording.name)}?${query.toString()}`, strategy, expiresAt }
}

function assertPlayable(recording: RecordingInfo): void {
  if (isPlayable(recording)) return
  if (recording.status === 'FAILED' || recording.status === 'ABORTED') {
    throw new AppError('NOT_FOUND', 'This recording failed before anything was saved.')
  }
  throw new AppError('CONFLICT', 'This recording is not finished yet.')
}
