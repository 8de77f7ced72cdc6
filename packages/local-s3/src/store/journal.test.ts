import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JournalRecord } from './journal-record.ts'
import { Journal } from './journal.ts'

const logger = pino({ enabled: false })
const RECORDS: JournalRecord[] = ['one', 'two-ü', 'three'].map((bucket, atMs) => ({
  type: 'bucket-created',
  bucket,
  atMs,
}))

let dir: string
let file: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'local-s3-journal-'))
  file = path.join(dir, 'journal')
})
afterEach(async () => rm(dir, { recursive: true, force: true }))

async function read(): Promise<JournalRecord[]> {
  const records: JournalRecord[] = []
  const journal = await Journal.open(dir, (record) => void records.push(record), logger)
  await journal.close()
  return records
}

async function write(records: readonly JournalRecord[]): Promise<void> {
  const journal = await Journal.open(dir, () => undefined, logger)
  await journal.append(records)
  await journal.close()
}

describe('Journal', () => {
  it('gives back what was appended, in order', async () => {
    await write(RECORDS.slice(0, 1))
    await write(RECORDS.slice(1))
    expect(await read()).toEqual(RECORDS)
  })

  it('gives back whole records only, wherever a write was torn, and can be written on', async () => {
    await write(RECORDS)
    const whole = await readFile(file)
    for (let length = 0; length < whole.length; length += 7) {
      await writeFile(file, whole.subarray(0, length))
      const records = await read()
      const lines = whole.subarray(0, length).toString('latin1').split('\n').length - 1
      expect(records).toEqual(RECORDS.slice(0, lines))
      await write(RECORDS.slice(2))
      expect(await read()).toEqual([...records, ...RECORDS.slice(2)])
    }
  })

  it('stops at a damaged line and sets the rest aside', async () => {
    await write(RECORDS)
    const bytes = await readFile(file)
    const second = bytes.indexOf('\n') + 20
    bytes[second] = (bytes[second] ?? 0) ^ 1
    await writeFile(file, bytes)
    expect(await read()).toEqual(RECORDS.slice(0, 1))
    const tail = await readFile(path.join(dir, 'journal.tail'))
    expect(tail.equals(bytes.subarray(bytes.indexOf('\n') + 1))).toBe(true)
  })

  it('ignores zeros at the end, which some file systems leave after a power failure', async () => {
    await write(RECORDS)
    await appendFile(file, Buffer.alloc(4096))
    expect(await read()).toEqual(RECORDS)
  })

  it('can be replaced and then written on', async () => {
    const journal = await Journal.open(dir, () => undefined, logger)
    await journal.append(RECORDS)
    await journal.rewrite(RECORDS.slice(1, 2))
    expect(journal.lines).toBe(1)
    await journal.append(RECORDS.slice(2))
    await journal.close()
    expect(await read()).toEqual(RECORDS.slice(1))
  })

  it('does not trip over a replacement that a crash cut short', async () => {
    await write(RECORDS)
    await writeFile(path.join(dir, 'journal.new'), 'half')
    const journal = await Journal.open(dir, () => undefined, logger)
    await journal.rewrite(RECORDS)
    await journal.close()
    expect(await read()).toEqual(RECORDS)
  })
})
