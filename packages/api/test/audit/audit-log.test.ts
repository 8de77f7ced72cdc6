import type { AuditEntry } from '@roomreel/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditKeys } from '../../src/audit/audit-keys.ts'
import { createAuditLog } from '../../src/audit/audit-log.ts'
import { readAudit } from '../../src/audit/read-audit.ts'
import { AUDIT_KEPT_MS, sweepAudit } from '../../src/audit/sweep-audit.ts'
import { type Library, recordingNumber, type Replica, startLibrary } from '../library/a-library.ts'

let library: Library
let services: Replica

beforeAll(async () => {
  library = await startLibrary()
  services = library.replica()
})
afterAll(async () => {
  await library[Symbol.asyncDispose]()
})

const entry = (at: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at,
  action: 'recording.downloaded',
  actor: { kind: 'admin' },
  address: '192.0.2.1',
  recordingName: 'Board.mp4',
  ...more,
})

it('writes what comes together as one object for each recording, and reads it newest first', async () => {
  const log = createAuditLog(services, 's3')
  services.calls('put')
  for (const at of [1_000, 3_000, 2_000]) log.record(entry(at))
  log.record(entry(9_000, { recordingName: 'Other.mp4' }))
  const other = createAuditLog(services, 's3')
  other.record(entry(2_500, { address: '192.0.2.2' }))
  await other.flush()
  const { entries, hasMore, keptIn } = await readAudit(services, log, 'Board.mp4')
  expect(services.calls('put')).toBe(3)
  expect({ hasMore, keptIn }).toEqual({ hasMore: false, keptIn: 's3' })
  expect(entries.map(({ at }) => at)).toEqual([3_000, 2_500, 2_000, 1_000])
  await log.close()
  await other.close()
})

it('finds the start of a recording, which is filed under its id', async () => {
  const recording = recordingNumber(1)
  await library.write([recording])
  const log = createAuditLog(services, 's3')
  const start = { action: 'recording.started', recordingId: recording.id } as const
  const { recordingName: _unnamed, ...unnamed } = entry(1_000, start)
  log.record(unnamed)
  log.record(entry(2_000, { recordingName: recording.name }))
  const { entries } = await readAudit(services, log, recording.name)
  expect(entries.map(({ action }) => action)).toEqual(['recording.downloaded', 'recording.started'])
  await log.close()
})

it('shows the newest of many, and says that there are more', async () => {
  const log = createAuditLog(services, 's3')
  for (let at = 0; at < 620; at++) log.record(entry(at, { recordingName: 'Busy.mp4' }))
  const { entries, hasMore } = await readAudit(services, log, 'Busy.mp4')
  expect(hasMore).toBe(true)
  expect(entries).toHaveLength(200)
  expect([entries[0]?.at, entries.at(-1)?.at]).toEqual([619, 420])
  await log.close()
})

it('leaves out what somebody else has put there', async () => {
  const key = auditKeys('recordings/').batch('Odd.mp4', 5_000)
  const lines = `no json\n${JSON.stringify(entry(1, { recordingName: 'Odd.mp4' }))}\n{"at":"x"}\n`
  await services.objects.putBytes(key, new TextEncoder().encode(lines), { contentType: 'text/plain' })
  const log = createAuditLog(services, 's3')
  expect((await readAudit(services, log, 'Odd.mp4')).entries).toHaveLength(1)
  await log.close()
})

it('keeps entries for a year, and nothing else goes', async () => {
  const now = Date.UTC(2026, 5, 1)
  const later = library.replica(() => now)
  const log = createAuditLog(later, 's3')
  for (const at of [now - AUDIT_KEPT_MS - 1, now - AUDIT_KEPT_MS, now]) {
    log.record(entry(at, { recordingName: 'Old.mp4' }))
    await log.flush()
  }
  await later.objects.putJson('recordings/.audit/Old.mp4/notes.json', {})
  expect(await sweepAudit(later)).toBeGreaterThan(0)
  const left: string[] = []
  for await (const { key } of later.objects.list('recordings/.audit/Old.mp4/')) left.push(key)
  expect(left).toHaveLength(3)
  expect((await readAudit(later, log, 'Old.mp4')).entries.map(({ at }) => at)).toEqual([
    now,
    now - AUDIT_KEPT_MS,
  ])
  await log.close()
})

it('writes lines where they are wanted, and nothing where not', async () => {
  const lines: string[] = []
  const log = createAuditLog(services, { writeLine: (line) => void lines.push(line) })
  log.record(entry(1))
  expect(lines).toEqual([`${JSON.stringify({ audit: entry(1) })}\n`])
  expect(await readAudit(services, log, 'Board.mp4')).toEqual({
    keptIn: 'stdout',
    entries: [],
    hasMore: false,
  })
  services.calls('put')
  const off = createAuditLog(services, 'off')
  off.record(entry(1))
  await off.close()
  expect(services.calls('put')).toBe(0)
})
