import type { Services } from '../services.ts'
import { auditKeys, timeOfBatch } from './audit-keys.ts'

/** How long entries are kept, their recording's deletion notwithstanding. */
export const AUDIT_KEPT_MS = 365 * 24 * 60 * 60_000

/** Deletes what is older than a year. Replicas may do so at once. @returns how many objects went */
export async function sweepAudit({ config, now, objects }: Services): Promise<number> {
  const before = now() - AUDIT_KEPT_MS
  let swept = 0
  for await (const { key } of objects.list(auditKeys(config.recordingsPath).root)) {
    const at = timeOfBatch(key)
    if (at === undefined || at >= before) continue
    await objects.delete(key)
    swept += 1
  }
  return swept
}
