import type { Logger } from 'pino'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { RecordingKeys } from '../../storage/recording-keys.ts'
import type { RecordingRows } from '../rows/recording-rows.ts'
import { NEWEST_PAGE_LENGTH, type NewestPage, readNewestPage, writeNewestPage } from './newest-page.ts'
import { emptySnapshot, readSnapshot, type Snapshot, writeSnapshot } from './index-snapshot.ts'

/** Recordings that are read quickly enough one by one. */
const MIN_RECORDINGS = 200
/** The share of all recordings that a snapshot may not know before it is written anew. */
const MAX_UNKNOWN = 0.1

/** ms after which the newest recordings are written anew although they are the same. */
const NEWEST_AGE_MS = 1_200_000

/** Reads the snapshot of the library that is there, and replaces it when it has become old. */
export interface SnapshotKeeper {
  /** Never rejects: without a snapshot it takes longer, no more. */
  read(): Promise<Snapshot>
  /** Hears how many objects have turned out to be otherwise than the snapshot says. */
  noteChanges(count: number): void
  /** The newest recordings alone. Never rejects, as `read`. */
  readNewest(): Promise<NewestPage | undefined>
  /** Writes the newest unless they are as they were. @param asOf see `NewestPage` @throws AppError SERVICE_UNAVAILABLE */
  keepNewest(asOf: number): Promise<void>
  /** Writes a snapshot unless there are few recordings, or few changes. @throws AppError SERVICE_UNAVAILABLE */
  keep(): Promise<void>
}

export function createSnapshotKeeper(
  objects: ObjectStore,
  keys: RecordingKeys,
  rows: RecordingRows,
  log: Logger,
): SnapshotKeeper {
  let etag: string | undefined
  let changes = 0
  let newest: { readonly asOf: number; readonly etags: string } | undefined
  return {
    async read() {
      try {
        const found = await readSnapshot(objects, keys.snapshot)
        etag = found?.etag
        return found?.snapshot ?? emptySnapshot
      } catch (error) {
        log.warn({ err: error }, 'the snapshot of the library is not readable; everything is read')
        return emptySnapshot
      }
    },
    async readNewest() {
      try {
        return await readNewestPage(objects, keys.newestPage)
      } catch (error) {
        log.warn({ err: error }, 'the newest recordings of another replica are not readable')
        return undefined
      }
    },
    async keepNewest(asOf) {
      if (rows.savedCount < MIN_RECORDINGS) return
      const page = rows.newestWithFile(NEWEST_PAGE_LENGTH)
      const etags = page.map(({ content }) => content.etag).join()
      if (newest?.etags === etags && asOf - newest.asOf < NEWEST_AGE_MS) return
      await writeNewestPage(objects, keys.newestPage, asOf, page)
      newest = { asOf, etags }
    },
    noteChanges(count) {
      changes += count
    },
    async keep() {
      const { savedCount } = rows
      if (savedCount < MIN_RECORDINGS || changes < savedCount * MAX_UNKNOWN) return
      const noted = changes
      const written = await writeSnapshot(objects, keys.snapshot, rows.saved(), etag)
      // Somebody else's is as good, and one that could not be read is replaced the next time
      etag = written ?? (await objects.head(keys.snapshot))?.etag
      if (written === undefined) return
      changes -= noted
      log.debug({ recordings: savedCount }, 'snapshot of the library written')
    },
  }
}
