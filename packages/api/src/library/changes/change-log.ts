import { randomBytes } from 'node:crypto'
import pMap from 'p-map'
import type { Logger } from 'pino'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { RecordingKeys } from '../../storage/recording-keys.ts'
import { type Change, ChangeEntrySchema } from './change.ts'
import { formatChangeId, formatChangeTime, parseChangeId } from './change-id.ts'

/** ms for which entries are kept. */
export const CHANGES_KEPT_MS = 3_600_000
/** ms that replicas' clocks may differ, and an entry may take to be written. */
export const CLOCK_SLACK_MS = 60_000

/** Changes that may wait to be written; more of them are told as "look at everything". */
const MAX_WAITING = 2_000
const MAX_CHANGES_PER_ENTRY = 200
/** Entries that are read at one time; whoever is further behind looks at everything instead. */
const MAX_READ = 1_000
const READ_CONCURRENCY = 16
const RETRY_MS = 1_000
const SWEEP_EVERY_MS = 600_000
const MAX_SWEPT = 1_000
const SWEEP_CONCURRENCY = 4
/** ms that the last changes get to be written when the process ends. */
const CLOSE_LIMIT_MS = 3_000

/** What a replica has changed. */
export interface ChangeEntry {
  /** ms since the epoch, by the writer's clock: when it was told. */
  readonly time: number
  readonly changes: readonly Change[]
}

/**
 * What the replicas tell each other: every change as a small object under a name that sorts by time. It makes
 * changes known soon, and for an hour to whoever was away; it need not be complete, because a scan of the library
 * finds everything.
 */
export interface ChangeLog {
  /** Writes behind the caller's back, in order. */
  append(changes: readonly Change[]): void
  /** Resolves when what was appended is written, or can't be for now. */
  flush(): Promise<void>
  /**
   * Entries since a time (ms since the epoch), and some before it.
   * @param isWanted by an entry's id: those that are not wanted cost nothing
   * @returns undefined when there are too many
   * @throws AppError SERVICE_UNAVAILABLE
   */
  read(
    since: number,
    isWanted: (id: string) => boolean,
  ): Promise<{ readonly ids: readonly string[]; readonly entries: readonly ChangeEntry[] } | undefined>
  /** Whether this process has written the entry. */
  isOwn(id: string): boolean
  close(): Promise<void>
}

/** @param now the clock, ms since the epoch */
export function createChangeLog(
  objects: ObjectStore,
  keys: RecordingKeys,
  log: Logger,
  now: () => number,
): ChangeLog {
  const writer = randomBytes(5).toString('hex')
  let sequence = 0
  let waiting: Change[] = []
  let writing: Promise<void> | undefined
  let retry: NodeJS.Timeout | undefined
  let sweptAt = Number.NEGATIVE_INFINITY
  let sweeping: Promise<void> | undefined
  let isClosed = false

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const changes = waiting.slice(0, MAX_CHANGES_PER_ENTRY)
      waiting = waiting.slice(MAX_CHANGES_PER_ENTRY)
      try {
        const id = formatChangeId({ time: now(), writer, sequence: ++sequence })
        await objects.putJson(keys.change(id), { changes })
      } catch (error) {
        waiting = [...changes, ...waiting]
        bound()
        log.warn({ err: error }, 'changes could not be told to other replicas; trying again')
        if (!isClosed) retry = setTimeout(write, RETRY_MS)
        return
      }
    }
  }

  const write = (): void => {
    clearTimeout(retry)
    // It never rejects: what fails is kept for the next attempt
    writing ??= writeAll().finally(() => {
      writing = undefined
    })
  }

  const bound = (): void => {
    if (waiting.length > MAX_WAITING) waiting = [{ type: 'lost' }]
  }

  const sweep = async (): Promise<void> => {
    const oldest = formatChangeTime(now() - CHANGES_KEPT_MS - CLOCK_SLACK_MS)
    const old: string[] = []
    for await (const { key } of objects.list(keys.changePrefix)) {
      if (key >= keys.changePrefix + oldest || old.length >= MAX_SWEPT) break
      old.push(key)
    }
    await pMap(old, (key) => objects.delete(key), { concurrency: SWEEP_CONCURRENCY })
  }

  const sweepNowAndThen = (): void => {
    if (sweeping || isClosed || performance.now() - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = performance.now()
    sweeping = sweep()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'old changes could not be removed')
      })
      .finally(() => {
        sweeping = undefined
      })
  }

  const readEntry = async ({ id, time }: { id: string; time: number }): Promise<ChangeEntry> => {
    const stored = await objects.getText(keys.change(id))
    return { time, changes: stored ? parseChanges(stored.text) : [] }
  }

  const parseChanges = (text: string): readonly Change[] => {
    try {
      return ChangeEntrySchema.parse(JSON.parse(text)).changes
    } catch (error) {
      log.warn({ err: error }, 'an entry of the log of changes is not readable')
      return [{ type: 'lost' }]
    }
  }

  return {
    append(changes) {
      if (changes.length === 0) return
      waiting.push(...changes)
      bound()
      write()
    },
    async flush() {
      if (waiting.length > 0) write()
      await writing
    },
    async read(since, isWanted) {
      sweepNowAndThen()
      const ids: string[] = []
      const wanted: Array<{ id: string; time: number }> = []
      const startAfter = keys.changePrefix + formatChangeTime(since - CLOCK_SLACK_MS)
      for await (const { key } of objects.list(keys.changePrefix, { startAfter })) {
        const id = key.slice(keys.changePrefix.length, -'.json'.length)
        const parsed = parseChangeId(id)
        if (!parsed) continue
        ids.push(id)
        if (isWanted(id)) wanted.push({ id, time: parsed.time })
        if (wanted.length > MAX_READ) return undefined
      }
      const entries = await pMap(wanted, readEntry, { concurrency: READ_CONCURRENCY })
      return { ids, entries }
    },
    isOwn: (id) => parseChangeId(id)?.writer === writer,
    async close() {
      isClosed = true
      clearTimeout(retry)
      if (waiting.length > 0) write()
      let limit: NodeJS.Timeout | undefined
      await Promise.race([
        Promise.all([writing, sweeping]),
        new Promise<void>((resolve) => {
          limit = setTimeout(resolve, CLOSE_LIMIT_MS)
        }),
      ])
      clearTimeout(limit)
    },
  }
}
