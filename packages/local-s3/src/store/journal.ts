import { open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import { crc32 } from '../body/crc.ts'
import { errnoOf } from '../s3-error.ts'
import { journalRecordSchema, type JournalRecord } from './journal-record.ts'
import { syncDirectory } from './sync-directory.ts'

const LINES_PER_WRITE = 1000

/**
 * The file that says what the store holds: a line for each change, in order. A change has happened once its line is on
 * the disk; a crash leaves at most a torn tail, which nobody was told about and which is cut off at the next start.
 *
 * A line is the CRC-32 of its text in hexadecimal, a space, and the record as JSON.
 */
export class Journal {
  readonly #dir: string
  #file: FileHandle
  /** Length of what is known to be whole, in bytes. */
  #length: number
  #lines: number
  /** Set when the file may hold something that nobody was told about and that cannot be taken back. */
  #broken: Error | undefined

  private constructor(dir: string, file: FileHandle, length: number, lines: number) {
    this.#dir = dir
    this.#file = file
    this.#length = length
    this.#lines = lines
  }

  /** Records in the file, those that later ones have overtaken included. */
  get lines(): number {
    return this.#lines
  }

  /**
   * Opens the journal of a folder, or begins one.
   *
   * @param apply called for each record in order
   */
  static async open(dir: string, apply: (record: JournalRecord) => void, logger: Logger): Promise<Journal> {
    const file = path.join(dir, 'journal')
    await rm(path.join(dir, 'journal.new'), { force: true })
    const content = await readFile(file).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    let length = 0
    let lines = 0
    for (;;) {
      const end = content.indexOf(0x0a, length)
      const record = end < 0 ? undefined : parseLine(content.toString('utf8', length, end))
      if (!record) break
      apply(record)
      length = end + 1
      lines += 1
    }
    if (length < content.length) {
      // Set aside rather than thrown away: it is a torn write as a rule, but might be a damaged disk
      const tail = path.join(dir, 'journal.tail')
      await writeFile(tail, content.subarray(length))
      logger.warn({ bytes: content.length - length, tail }, 'the journal ended in an unfinished write')
    }
    const handle = await open(file, 'a+')
    try {
      await handle.truncate(length)
      await handle.sync()
      await syncDirectory(dir)
    } catch (error) {
      await handle.close()
      throw error
    }
    return new Journal(dir, handle, length, lines)
  }

  /**
   * Makes records durable, all or none.
   *
   * @throws the file system's error, nothing having been written
   */
  async append(records: readonly JournalRecord[]): Promise<void> {
    if (this.#broken) throw this.#broken
    const bytes = Buffer.from(records.map(formatLine).join(''))
    try {
      await this.#file.appendFile(bytes)
      await this.#file.datasync()
    } catch (error) {
      await this.#takeBack(error)
      throw error
    }
    this.#length += bytes.length
    this.#lines += records.length
  }

  async #takeBack(cause: unknown): Promise<void> {
    try {
      await this.#file.truncate(this.#length)
      await this.#file.datasync()
    } catch {
      // Whether the lines count is unknown until the next start reads them: until then, nothing more may follow
      this.#broken = new Error('The journal could not be written nor restored; restart to go on', { cause })
    }
  }

  /** Replaces the file by one that holds these records alone. A crash leaves the old file or the new one. */
  async rewrite(records: Iterable<JournalRecord>): Promise<void> {
    const next = path.join(this.#dir, 'journal.new')
    const handle = await open(next, 'ax+')
    let length = 0
    let lines = 0
    try {
      let batch: string[] = []
      const write = async (): Promise<void> => {
        const bytes = Buffer.from(batch.join(''))
        await handle.appendFile(bytes)
        length += bytes.length
        lines += batch.length
        batch = []
      }
      for (const record of records) {
        batch.push(formatLine(record))
        if (batch.length === LINES_PER_WRITE) await write()
      }
      await write()
      await handle.sync()
      await rename(next, path.join(this.#dir, 'journal'))
    } catch (error) {
      await handle.close()
      await rm(next, { force: true })
      throw error
    }
    const previous = this.#file
    this.#file = handle
    this.#length = length
    this.#lines = lines
    await previous.close()
    await syncDirectory(this.#dir)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function formatLine(record: JournalRecord): string {
  const json = JSON.stringify(record)
  return `${checksumOf(json)} ${json}\n`
}

function parseLine(line: string): JournalRecord | undefined {
  const json = line.slice(9)
  if (line.slice(0, 9) !== `${checksumOf(json)} `) return undefined
  // A line with a right checksum was written by us, so one that is not understood is from another version
  return journalRecordSchema.parse(JSON.parse(json))
}

function checksumOf(json: string): string {
  const crc = crc32()
  crc.update(Buffer.from(json))
  return crc.digest().toString('hex')
}
