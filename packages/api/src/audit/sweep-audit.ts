import type { Services } from '../services.ts'
import { auditKeys, timeOfBatch } from './audit-keys.ts'

/** How long entries are kept, their recording's deletion notwithstanding. */
export const AUDIT_KEPT_MS = 365 * 24 * 60 * 60_000
/** ms from the start of a process to its first sweep, and between two. */
const FIRST_SWEEP_MS = 60 * 60_000
const SWEEP_EVERY_MS = 24 * 60 * 60_000

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

/** Sweeps once a day. @returns its end */
export function startSweeping(services: Services): () => void {
  const sweep = (): void => {
    sweepAudit(services).then(
      (swept) => services.log.info({ swept }, 'audit log swept'),
      (error: unknown) => services.log.warn({ err: error }, 'the audit log could not be swept'),
    )
    timer = setTimeout(sweep, SWEEP_EVERY_MS)
    timer.unref()
  }
  let timer = setTimeout(sweep, FIRST_SWEEP_MS)
  timer.unref()
  return () => clearTimeout(timer)
}
