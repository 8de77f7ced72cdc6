import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import { S3Error } from '../s3-error.ts'
import { BlobFolder } from './blob-folder.ts'
import { DiskReserve, isDiskFull } from './disk-reserve.ts'
import { Journal } from './journal.ts'
import type { JournalRecord } from './journal-record.ts'
import type { Blob } from './stored-object.ts'
import { StoreState, type Bucket, type OpenUpload } from './store-state.ts'

/** The journal is rewritten once it is twice as long as need be, and longer than this many lines. */
const MIN_LINES_TO_COMPACT = 10_000

/** Records that make the store smaller. */
const REMOVING: ReadonlySet<JournalRecord['type']> = new Set([
  'object-deleted',
  'upload-aborted',
  'bucket-deleted',
])

/** A change that wants to become durable. */
export interface Change {
  /** The keys and uploads it depends on; changes that share none are made durable together. */
  readonly touches: readonly string[] | 'everything'
  /**
   * Decides on the state as it is when the change's turn comes. Nothing else changes what it touches between this and
   * the moment it is durable, so a precondition that is checked here holds.
   *
   * @throws S3Error to refuse
   */
  decide(): readonly JournalRecord[]
}

interface Waiting extends Change {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Names of what a change can touch. */
export const touched = {
  key: (bucket: string, key: string): string => `key:${bucket}/${key}`,
  upload: (uploadId: string): string => `upload:${uploadId}`,
}

/**
 * Buckets, objects and uploads over a folder: bytes in `blobs/`, everything else in the journal. A change is applied to
 * the state in memory after it is on the disk, so nobody is ever shown what a crash could take back.
 */
export class Store {
  readonly blobs: BlobFolder
  readonly #journal: Journal
  readonly #reserve: DiskReserve
  readonly #state: StoreState
  readonly #logger: Logger
  /** One entry for each request in work at most, so bounded by the number of connections. */
  #queue: Waiting[] = []
  #flushing: Promise<void> | undefined
  #closed = false

  private constructor(
    blobs: BlobFolder,
    journal: Journal,
    reserve: DiskReserve,
    state: StoreState,
    logger: Logger,
  ) {
    this.blobs = blobs
    this.#journal = journal
    this.#reserve = reserve
    this.#state = state
    this.#logger = logger
  }

  /** Reads what is there, and removes what a crash has left behind. */
  static async open(dir: string, logger: Logger): Promise<Store> {
    await mkdir(dir, { recursive: true })
    const state = new StoreState()
    const blobs = await BlobFolder.open(path.join(dir, 'blobs'), logger)
    const journal = await Journal.open(dir, (record) => void state.apply(record), logger)
    try {
      await blobs.sweep(state.blobIds())
      return new Store(blobs, journal, await DiskReserve.open(dir), state, logger)
    } catch (error) {
      await journal.close()
      throw error
    }
  }

  get buckets(): ReadonlyMap<string, Bucket> {
    return this.#state.buckets
  }

  get uploads(): ReadonlyMap<string, OpenUpload> {
    return this.#state.uploads
  }

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.#state.buckets.get(name)
    if (!bucket) throw new S3Error('NoSuchBucket')
    return bucket
  }

  /**
   * Makes a change durable and then visible.
   *
   * @throws what `decide` throws, or the file system's error; nothing has changed then
   */
  async commit(change: Change): Promise<void> {
    if (this.#closed) throw new S3Error('ServiceUnavailable', 'The server is closing.')
    const done = new Promise<void>((resolve, reject) => {
      this.#queue.push({ ...change, decide: () => change.decide(), resolve, reject })
    })
    this.#flushing ??= this.#flush()
    await done
  }

  /** Waits for the changes under way; later ones are refused. */
  async close(): Promise<void> {
    this.#closed = true
    // One round may have begun another
    while (this.#flushing) await this.#flushing
    await this.#journal.close()
  }

  /** Takes turns until the queue is empty. Changes that arrive during one turn's fsync share the next. */
  async #flush(): Promise<void> {
    // Lets the requests that are ready in this very moment join
    await Promise.resolve()
    while (this.#queue.length > 0) await this.#commitTogether(this.#takeIndependent())
    await this.#compactIfLong()
    await this.#restoreReserve()
    this.#flushing = undefined
    if (this.#queue.length > 0) this.#flushing = this.#flush()
  }

  /** The longest beginning of the queue in which no two changes touch the same thing. */
  #takeIndependent(): Waiting[] {
    const seen = new Set<string>()
    let count = 0
    for (const { touches } of this.#queue) {
      if (touches === 'everything') {
        if (count === 0) count = 1
        break
      }
      if (touches.some((name) => seen.has(name))) break
      for (const name of touches) seen.add(name)
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  async #commitTogether(changes: readonly Waiting[]): Promise<void> {
    const decided: Array<{ change: Waiting; records: readonly JournalRecord[] }> = []
    for (const change of changes) {
      try {
        decided.push({ change, records: change.decide() })
      } catch (error) {
        change.reject(error)
      }
    }
    const records = decided.flatMap((entry) => entry.records)
    try {
      if (records.length > 0) {
        await this.blobs.sync()
        await this.#append(records)
      }
    } catch (error) {
      for (const { change } of decided) change.reject(error)
      return
    }
    const unused: Blob[] = []
    for (const record of records) unused.push(...this.#state.apply(record))
    this.blobs.discard(unused)
    for (const { change } of decided) change.resolve()
  }

  async #append(records: readonly JournalRecord[]): Promise<void> {
    try {
      await this.#journal.append(records)
    } catch (error) {
      const onlyRemoves = records.every(({ type }) => REMOVING.has(type))
      if (!onlyRemoves || !isDiskFull(error) || !(await this.#reserve.release())) throw error
      await this.#journal.append(records)
    }
  }

  async #restoreReserve(): Promise<void> {
    try {
      await this.#reserve.restore()
    } catch (error) {
      this.#logger.warn({ err: error }, 'could not set space aside')
    }
  }

  async #compactIfLong(): Promise<void> {
    const { lines } = this.#journal
    if (lines < MIN_LINES_TO_COMPACT || lines < this.#state.countRecords() * 2) return
    try {
      await this.#journal.rewrite(this.#state.records())
      this.#logger.debug({ before: lines, after: this.#journal.lines }, 'journal compacted')
    } catch (error) {
      // The old journal is as good as before, only longer
      this.#logger.warn({ err: error, lines }, 'could not compact the journal')
    }
  }
}
