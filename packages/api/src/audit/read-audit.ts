import {
  type AuditEntry,
  AuditEntrySchema,
  type ListAuditOutput,
  MAX_AUDIT_ENTRIES,
} from '@roomreel/contracts'
import pMap from 'p-map'
import type { Services } from '../services.ts'
import { auditKeys } from './audit-keys.ts'
import type { AuditLog } from './audit-log.ts'

const CONCURRENCY = 8

/**
 * What the audit log has of one recording, which may have been deleted long ago: the newest entries.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function readAudit(
  services: Services,
  audit: Pick<AuditLog, 'flush' | 'keptIn'>,
  recordingName: string,
): Promise<ListAuditOutput> {
  const { keptIn } = audit
  if (keptIn !== 's3') return { keptIn, entries: [], hasMore: false }
  // What this process has not written yet is the newest
  await audit.flush()
  const keys = await batchesOf(services, recordingName)
  const newest = keys.toSorted(byFileName).slice(-MAX_AUDIT_ENTRIES)
  const read = await pMap(newest, (key) => readBatch(services, key), { concurrency: CONCURRENCY })
  const entries = read.flat().toSorted((a, b) => b.at - a.at)
  return {
    keptIn,
    entries: entries.slice(0, MAX_AUDIT_ENTRIES),
    hasMore: keys.length > newest.length || entries.length > MAX_AUDIT_ENTRIES,
  }
}

async function batchesOf(
  { config, index, objects, store }: Services,
  recordingName: string,
): Promise<string[]> {
  const auditFolders = auditKeys(config.recordingsPath)
  // Its start is filed under its id: it had no name then
  const id =
    index.get(recordingName)?.id ||
    (await store.getSaved(recordingName))?.id ||
    (await store.getTombstone(recordingName))?.id
  const keys: string[] = []
  for (const subject of id ? [recordingName, id] : [recordingName]) {
    for await (const { key } of objects.list(auditFolders.folder(subject))) keys.push(key)
  }
  return keys
}

/** The file name begins with the time. */
function byFileName(a: string, b: string): number {
  const [left, right] = [a, b].map((key) => key.slice(key.lastIndexOf('/')))
  if (left === right || left === undefined || right === undefined) return 0
  return left < right ? -1 : 1
}

async function readBatch({ log, objects }: Services, key: string): Promise<AuditEntry[]> {
  const lines = (await objects.getText(key))?.text.split('\n').filter((line) => line !== '') ?? []
  return lines.flatMap((line) => {
    try {
      return [AuditEntrySchema.parse(JSON.parse(line))]
    } catch (error) {
      log.warn({ err: error, key }, 'a line of the audit log can not be read')
      return []
    }
  })
}
