import { isActiveStatus, type ThumbnailsInput, type ThumbnailsOutput } from '@roomreel/contracts'
import { type LibraryPrincipal, maySeeRecording } from '../access/principal.ts'
import type { Services } from '../services.ts'
import { mediaUrl } from './media-url.ts'

/**
 * URLs of the pictures of these recordings; recordings that have none, or are none of the caller's, are left out.
 * It asks the index alone, so a page of a list costs no requests to S3.
 */
export async function thumbnailUrls(
  services: Services,
  principal: LibraryPrincipal,
  { recordingNames, strategy }: ThumbnailsInput,
): Promise<ThumbnailsOutput> {
  const { config, index } = services
  const thumbnails: ThumbnailsOutput['thumbnails'] = []
  let expiresAt = services.now() + config.playbackUrlSeconds * 1000
  for (const recordingName of new Set(recordingNames)) {
    const recording = index.get(recordingName)
    if (!recording?.thumbnail || isActiveStatus(recording.status) || !maySeeRecording(principal, recording))
      continue
    const media = await mediaUrl(services, recording, { part: 'thumbnail', strategy })
    thumbnails.push({ recordingName, url: media.url })
    expiresAt = Math.min(expiresAt, media.expiresAt)
  }
  return { thumbnails, expiresAt }
}
