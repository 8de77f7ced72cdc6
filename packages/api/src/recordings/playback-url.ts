import { isActiveStatus, isPlayable, type PlaybackOutput, type RecordingInfo } from '@roomreel/contracts'
import { AppError } from '../app-error.ts'
import type { Services } from '../services.ts'
import { mediaUrl, type MediaUrlOptions } from './media-url.ts'

/**
 * A URL that plays (or downloads) one recording.
 * @throws AppError CONFLICT while it is not finished, NOT_FOUND when there is no file
 */
export async function playbackUrl(
  services: Services,
  recording: RecordingInfo,
  options: MediaUrlOptions,
): Promise<PlaybackOutput> {
  assertPlayable(recording)
  return mediaUrl(services, recording, options)
}

function assertPlayable(recording: RecordingInfo): void {
  if (isPlayable(recording)) return
  if (recording.check === 'missing') {
    throw new AppError('NOT_FOUND', 'The file of this recording is not in the storage any more.')
  }
  if (isActiveStatus(recording.status)) {
    throw new AppError('CONFLICT', 'This recording is not finished yet.')
  }
  throw new AppError('NOT_FOUND', 'This recording ended before anything was saved.')
}
