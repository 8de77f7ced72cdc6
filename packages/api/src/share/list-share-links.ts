import type { ListShareLinksOutput } from '@roomreel/contracts'
import type { LibraryPrincipal } from '../access/principal.ts'
import { findRecording } from '../recordings/find-recording.ts'
import type { Services } from '../services.ts'

/**
 * The links of a recording that work, newest first; whoever may share it sees those of everybody.
 * @throws AppError NOT_FOUND, SERVICE_UNAVAILABLE
 */
export async function listShareLinks(
  services: Services,
  principal: LibraryPrincipal,
  recordingName: string,
): Promise<ListShareLinksOutput> {
  const { name } = await findRecording(services, principal, recordingName)
  const now = services.now()
  const links = await services.shares.listOf(name)
  return {
    links: links
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ secretHash: _secretHash, ...link }) => link)
      .toSorted((a, b) => b.createdAt - a.createdAt),
  }
}
