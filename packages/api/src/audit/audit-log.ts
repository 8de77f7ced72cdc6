import type { AuditEntry } from '@roomreel/contracts'
import type { Services } from '../services.ts'
import { auditKeys } from './audit-keys.ts'
import { createS3AuditLog } from './s3-audit-log.ts'

/** Where the audit log goes: small objects in S3, nowhere, or lines that somebody writes. */
export type AuditSink = 's3' | 'off' | { readonly writeLine: (line: string) => void }

/** What was done, told beside the doing: nothing waits for it, and nothing fails with it. */
export interface AuditLog {
  readonly keptIn: 's3' | 'stdout' | 'off'
  record(entry: AuditEntry): void
  /** Tries to write what was recorded so far; what fails is tried again later. */
  flush(): Promise<void>
  /** Writes what is left, and says in the log what could not be written. */
  close(): Promise<void>
}

export function createAuditLog(services: Services, sink: AuditSink): AuditLog {
  if (sink === 's3') return createS3AuditLog(services, auditKeys(services.config.recordingsPath))
  const nothingToDo = (): Promise<void> => Promise.resolve()
  if (sink === 'off') {
    return { keptIn: 'off', record: () => undefined, flush: nothingToDo, close: nothingToDo }
  }
  return {
    keptIn: 'stdout',
    record(entry) {
      sink.writeLine(`${JSON.stringify({ audit: entry })}\n`)
      services.metrics.audited('written', 1)
    },
    flush: nothingToDo,
    close: nothingToDo,
  }
}
