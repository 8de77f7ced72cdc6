import { MAX_SHARE_SECONDS } from '@roomreel/contracts'
import type { Services } from '../services.ts'

/**
 * Deletes links that have expired for certain: a link is written once, and lives no longer than this. Replicas may do
 * so at once.
 * @returns how many went
 */
export async function sweepShares({ now, shares }: Pick<Services, 'now' | 'shares'>): Promise<number> {
  return shares.removeWrittenBefore(now() - MAX_SHARE_SECONDS * 1000)
}
