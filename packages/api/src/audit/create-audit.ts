import type { AuditEntry } from '@roomreel/contracts'
import type { Services } from '../services.ts'
import { type AuditLog, type AuditSink, createAuditLog } from './audit-log.ts'
import { createRepeatedPlays } from './repeated-plays.ts'

/** ms that a player may be late with asking for its next URL. */
const LATE_MS = 5 * 60_000

/** The audit log of this process, and what keeps it short. */
export interface Audit {
  readonly log: AuditLog
  /** See `createRepeatedPlays`. */
  isRepeatedPlay(entry: AuditEntry): boolean
  close(): Promise<void>
}

export function createAudit(services: Services, sink: AuditSink): Audit {
  const log = createAuditLog(services, sink)
  return {
    log,
    isRepeatedPlay: createRepeatedPlays(services.config.playbackUrlSeconds * 1000 + LATE_MS),
    close: () => log.close(),
  }
}
