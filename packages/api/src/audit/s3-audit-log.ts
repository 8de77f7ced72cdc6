import type { AuditEntry } from '@roomreel/contracts'
import { setTimeout as delay } from 'node:timers/promises'
import type { Services } from '../services.ts'
import { type AuditKeys, subjectOf } from './audit-keys.ts'
import type { AuditLog } from './audit-log.ts'

/** ms for which entries are collected, so that what happens together is one object. */
const COLLECT_MS = 1_000
/** ms between tries while S3 is away: twice as long each time, up to the second. */
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000
/** Entries that wait while S3 is away; further ones go into the log alone. */
const MAX_WAITING = 10_000
/** Entries that are written at a time. */
const MAX_BATCH = 500
/** ms that the end of the process waits for S3. */
const CLOSE_MS = 5_000

/**
 * Writes entries as JSON lines, an object for each recording and batch: S3 can't append. An entry is written at
 * least once; after an answer that was lost, twice.
 */
export function createS3AuditLog(
  { objects, log, metrics }: Pick<Services, 'objects' | 'log' | 'metrics'>,
  keys: AuditKeys,
): AuditLog {
  /** By the folder that they belong into, in the order of their first. */
  const waiting = new Map<string, AuditEntry[]>()
  let waitingCount = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let retryMs = FIRST_RETRY_MS
  let isClosed = false

  const giveUp = (entries: readonly AuditEntry[], why: string): void => {
    // Kept nowhere else: the log is the last place
    for (const entry of entries) log.error({ audit: entry }, why)
    if (entries.length > 0) metrics.audited('dropped', entries.length)
  }

  const schedule = (ms: number): void => {
    if (timer || isClosed) return
    timer = setTimeout(() => void flush(), ms)
    timer.unref()
  }

  const write = async (): Promise<void> => {
    for (let [next] = waiting; next; [next] = waiting) {
      const [subject, entries] = next
      const batch = entries.slice(0, MAX_BATCH)
      const lines = batch.map((entry) => `${JSON.stringify(entry)}\n`).join('')
      await objects.putBytes(keys.batch(subject, batch[0]?.at ?? 0), new TextEncoder().encode(lines), {
        contentType: 'application/x-ndjson',
      })
      metrics.audited('written', batch.length)
      // More may have come meanwhile
      entries.splice(0, batch.length)
      if (entries.length === 0) waiting.delete(subject)
      waitingCount -= batch.length
      retryMs = FIRST_RETRY_MS
    }
  }

  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing ??= write()
      .catch((error: unknown) => {
        metrics.audited('failed', 1)
        log.warn({ err: error, waiting: waitingCount }, 'the audit log could not be written; it waits')
        schedule(retryMs)
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
      })
      .finally(() => {
        writing = undefined
      })
    return writing
  }

  return {
    keptIn: 's3',
    record(entry) {
      if (isClosed || waitingCount >= MAX_WAITING) {
        giveUp([entry], 'an audit entry could not be kept')
        return
      }
      const subject = subjectOf(entry)
      const entries = waiting.get(subject)
      if (entries) entries.push(entry)
      else waiting.set(subject, [entry])
      waitingCount += 1
      schedule(COLLECT_MS)
    },
    flush,
    async close() {
      isClosed = true
      await Promise.race([flush(), delay(CLOSE_MS, undefined, { ref: false })])
      giveUp([...waiting.values()].flat(), 'an audit entry could not be kept before the end')
      waiting.clear()
      waitingCount = 0
    },
  }
}
