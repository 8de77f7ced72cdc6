import type { RevokeShareLinkInput, RevokeShareLinkOutput } from '@roomreel/contracts'
import type { LibraryPrincipal } from '../access/principal.ts'
import { findRecording } from '../recordings/find-recording.ts'
import type { Services } from '../services.ts'

/**
 * Ends a link: from now on it opens nothing. Whoever may share a recording may revoke any of its links, as they may
 * delete it; revoking what is gone already succeeds.
 * @throws AppError NOT_FOUND (no such recording for the caller), SERVICE_UNAVAILABLE
 */
export async function revokeShareLink(
  services: Services,
  principal: LibraryPrincipal,
  { recordingName, linkId }: RevokeShareLinkInput,
): Promise<RevokeShareLinkOutput> {
  const { name } = await findRecording(services, principal, recordingName)
  const link = await services.shares.get(linkId)
  // Another recording's link is none of theirs, whatever they know of it
  if (link?.recordingName === name) await services.shares.remove(linkId)
  return { linkId }
}
