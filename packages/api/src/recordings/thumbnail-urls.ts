import { isActiveStatus, type ThumbnailsOutput } from '@roomreel/contracts'
import { PLAYBACK_SECONDS, signMediaTicket } from '../access/media-ticket.ts'
import { type LibraryPrincipal, maySeeRecording } from '../access/principal.ts'
import type { Services } from '../services.ts'

/**
 * URLs of the pictures of these recordings, for an hour; recordings that have none, or are none of the caller's,
 * are left out. It asks the index alone, so a page of a list costs no requests to S3.
 */
export async function thumbnailUrls(
  services: Services,
  principal: LibraryPrincipal,
  recordingNames: readonly string[],
): Promise<ThumbnailsOutput> {
  const { config, index, keys, objects, signingKeys } = services
  const now = services.now()
  const expiresAt = now + PLAYBACK_SECONDS * 1000
  const wanted = new Set(recordingNames)
  const thumbnails: ThumbnailsOutput['thumbnails'] = []
  for (const recording of index.all()) {
    const { name, status, thumbnail } = recording
    if (!thumbnail || !wanted.has(name) || isActiveStatus(status) || !maySeeRecording(principal, recording))
      continue
    const url =
      config.playbackStrategy === 'S3'
        ? await objects.presign(keys.file(thumbnail), {
            expiresInSeconds: PLAYBACK_SECONDS,
            contentType: 'image/jpeg',
          })
        : `/media/${encodeURIComponent(name)}/thumbnail?ticket=${await signMediaTicket(signingKeys, name, now, expiresAt)}`
    thumbnails.push({ recordingName: name, url })
  }
  return { thumbnails, expiresAt }
}
