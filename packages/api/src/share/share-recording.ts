import {
  MAX_SHARE_LINKS,
  type ShareMaker,
  type ShareRecordingInput,
  type ShareRecordingOutput,
} from '@roomreel/contracts'
import type { LibraryPrincipal } from '../access/principal.ts'
import { AppError } from '../app-error.ts'
import { findRecording } from '../recordings/find-recording.ts'
import type { Services } from '../services.ts'
import { hashSecret, makeShareToken, writeShareToken } from './share-token.ts'

/**
 * Makes a link that opens one recording without any login, until it expires or is revoked. Its secret is told now
 * and never again.
 * @param origin scheme and host under which the caller sees this app
 * @throws AppError NOT_FOUND, CONFLICT (too many links), SERVICE_UNAVAILABLE
 */
export async function shareRecording(
  services: Services,
  principal: LibraryPrincipal,
  { recordingName, expiresInSeconds, mayDownload }: ShareRecordingInput,
  origin: string,
): Promise<ShareRecordingOutput> {
  const recording = await findRecording(services, principal, recordingName)
  const createdAt = services.now()
  await makeRoom(services, recording.name, createdAt)
  const expiresAt = createdAt + expiresInSeconds * 1000
  const token = makeShareToken(recording.name)
  const isAdded = await services.shares.add({
    linkId: token.linkId,
    recordingName: recording.name,
    mayDownload,
    createdAt,
    expiresAt,
    createdBy: makerOf(principal),
    secretHash: hashSecret(token.secret),
  })
  if (!isAdded) throw new AppError('CONFLICT', 'The link could not be made. Try again.')
  return { url: `${origin}/s/#${writeShareToken(token)}`, expiresAt, linkId: token.linkId }
}

/** Links that have expired go, and with them what would count against new ones. */
async function makeRoom({ shares }: Services, recordingName: string, now: number): Promise<void> {
  const links = await shares.listOf(recordingName)
  const expired = links.filter(({ expiresAt }) => expiresAt <= now)
  for (const { linkId } of expired) await shares.remove(linkId)
  if (links.length - expired.length >= MAX_SHARE_LINKS) {
    throw new AppError('CONFLICT', `A recording can have ${MAX_SHARE_LINKS} links. Revoke one first.`)
  }
}

function makerOf(principal: LibraryPrincipal): ShareMaker {
  if (principal.kind === 'admin') return { kind: 'admin' }
  const { kind, identity, name } = principal
  return { kind, identity, name }
}
