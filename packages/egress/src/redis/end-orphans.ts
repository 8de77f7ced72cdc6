import type { EgressInfo } from '@livekit/protocol'
import { EgressStatus } from '@livekit/protocol'
import type { Logger } from 'pino'
import { nanoseconds } from '../worker/nanoseconds.ts'
import type { IoInfoClient } from './io-info-client.ts'
import type { WorkerLease } from './worker-lease.ts'

/**
 * Ends egresses whose worker is gone: reported as ABORTED, so that nobody waits for them. What that worker has
 * recorded is on its disk; when it comes back, it saves the file and reports that.
 */
export async function endOrphans(lease: WorkerLease, io: IoInfoClient, logger: Logger): Promise<void> {
  const orphans = await lease.takeOrphans()
  if (orphans.length === 0) return
  const active = new Map((await io.listActive()).map((info) => [info.egressId, info]))
  for (const egressId of orphans) {
    const info = active.get(egressId)
    if (info) {
      logger.warn({ egressId }, 'the worker of an egress is gone, it is reported as aborted')
      await io.updateEgress(abortedBecauseGone(info, Date.now()))
    }
    await lease.release(egressId)
  }
}

/** Pure. @param nowMs since the epoch */
export function abortedBecauseGone(info: EgressInfo, nowMs: number): EgressInfo {
  const now = nanoseconds(nowMs)
  return Object.assign(info.clone(), {
    status: EgressStatus.EGRESS_ABORTED,
    details: 'End reason: Process killed',
    error: 'The egress worker is gone',
    errorCode: 503,
    endedAt: now,
    updatedAt: now,
  })
}
