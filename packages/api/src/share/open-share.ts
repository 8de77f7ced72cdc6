import type { OpenShareInput, OpenShareOutput } from '@roomreel/contracts'
import { AppError } from '../app-error.ts'
import type { ApiContext } from '../context.ts'
import { findRecording } from '../recordings/find-recording.ts'
import { playbackUrl } from '../recordings/playback-url.ts'
import type { StoredShareLink } from './share-store.ts'
import { isSecretOf, readShareToken } from './share-token.ts'
import { isShareVisit, signShareVisit } from './share-visit.ts'

/**
 * ms that a URL given to a link works. A revoked link gives no more of them, so this is how long somebody who is
 * watching can go on; the player renews its URL meanwhile.
 */
const SHARED_URL_MS = 10 * 60 * 1000

/**
 * What a share link opens: the recording, and a URL that plays it or, where the link allows it, saves it.
 * @throws AppError UNAUTHORIZED (expired or not complete), FORBIDDEN (a download by a link that only plays), NOT_FOUND
 *   (the link was revoked, or the recording deleted, with which its links go), CONFLICT (not finished), TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE
 */
export async function openShare(
  context: ApiContext,
  { shareToken, download = false, strategy }: OpenShareInput,
): Promise<OpenShareOutput> {
  const { services } = context
  const { link, isVisit } = await linkOf(context, shareToken)
  if (download && !link.mayDownload) {
    throw new AppError('FORBIDDEN', 'This link is for watching. Ask whoever sent it for the file.')
  }
  const recording = await findRecording(services, { kind: 'admin' }, link.recordingName)
  const { url, expiresAt } = await playbackUrl(services, recording, {
    part: download ? 'download' : 'video',
    strategy,
    notAfter: Math.min(link.expiresAt, services.now() + SHARED_URL_MS),
  })
  if (isVisit) await setVisit(context, link.linkId)
  return {
    recording,
    url,
    expiresAt,
    linkId: link.linkId,
    mayDownload: link.mayDownload,
    linkExpiresAt: link.expiresAt,
  }
}

/**
 * Opens a link and swaps its secret for a cookie, with which `openShare` opens it by its id alone.
 * @throws as `openShare`
 */
export async function enterShare(context: ApiContext, input: OpenShareInput): Promise<OpenShareOutput> {
  const opened = await openShare(context, input)
  await setVisit(context, opened.linkId)
  return opened
}

async function setVisit({ services, request }: ApiContext, linkId: string): Promise<void> {
  request.setShareVisit(linkId, await signShareVisit(services.signingKeys, linkId, services.now()))
}

async function linkOf(
  { services, request }: ApiContext,
  shareToken: string,
): Promise<{ link: StoredShareLink; isVisit: boolean }> {
  const { rateLimits, shares, signingKeys, now } = services
  rateLimits.checkShare(request.address)
  const token = readShareToken(shareToken)
  const link = token && (await shares.get(token.linkId))
  if (token && link && link.expiresAt > now()) {
    const isVisit = token.secret === undefined
    const isOpen = isVisit
      ? await isShareVisit(signingKeys, request.shareVisit(token.linkId) ?? '', token.linkId, now())
      : isSecretOf(link.secretHash, token.secret)
    if (isOpen) return { link, isVisit }
  }
  rateLimits.countFailedShare(request.address)
  if (token && !link) {
    throw new AppError('NOT_FOUND', 'The link was withdrawn, or its recording was deleted.')
  }
  throw new AppError(
    'UNAUTHORIZED',
    'The link has expired, or it is not complete. Open it as you got it, or ask for another one.',
  )
}
