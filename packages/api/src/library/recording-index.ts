import type { RecordingEvent, RecordingInfo } from '@roomreel/contracts'
import type { Logger } from 'pino'
import type { HeldClaim } from '../recordings/claim.ts'
import type { RecordingStore } from '../recordings/recording-store.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import type { RecordingKeys } from '../storage/recording-keys.ts'
import { createChangeFollower } from './changes/change-follower.ts'
import { CHANGES_KEPT_MS, createChangeLog } from './changes/change-log.ts'
import { subjectOf } from './changes/change-subject.ts'
import { createLibraryReader } from './reading/library-reader.ts'
import { createSnapshotKeeper } from './reading/snapshot-keeper.ts'
import { createTouchedKeys } from './reading/touched-keys.ts'
import type { OrderedRecordings } from './rows/ordered-recordings.ts'
import { createRecordingRows } from './rows/recording-rows.ts'
import { addressOf, ROW_KINDS, type RowAddress } from './rows/row-address.ts'
import { createSharedRun } from './shared-run.ts'

/** ms between two scans while somebody looks: what was changed by hand in the bucket shows this soon, or later. */
const SCAN_MS = 3_000
/** ms between two scans for each recording that there is: large libraries are scanned less often. */
const SCAN_MS_PER_RECORDING = 1
/** A scan that is this many times later than it should be is waited for, because nobody has looked for long. */
const OVERDUE_FACTOR = 4
/** ms for which the newest recordings that a replica has left can be completed from the log of changes. */
const NEWEST_PAGE_LIMIT_MS = CHANGES_KEPT_MS - 600_000
/** ms that somebody waits for such a scan; what it finds later is told by events. */
const SCAN_PATIENCE_MS = 500

/**
 * What this process knows of S3's recordings: a cache that can be thrown away at any time. One's own writes are in
 * it at once, those of other replicas as soon as the change log has been read, and all others when the next scan
 * finds them. It asks S3 only when somebody wants to know.
 */
export interface RecordingIndex {
  /**
   * Makes known what other replicas had written `maxAgeMs` ago, or since.
   * @param newest so many recordings, the newest, are enough for the caller: a new process knows them long before
   *   it knows all
   * @throws AppError SERVICE_UNAVAILABLE
   */
  ensureFresh(maxAgeMs: number, newest?: number): Promise<void>
  /** Makes known all claims that were held `maxAgeMs` ago, or since. @throws AppError SERVICE_UNAVAILABLE */
  ensureClaimsFresh(maxAgeMs: number): Promise<void>
  /** Compares all that is known with all that is in S3 after this call. @throws AppError SERVICE_UNAVAILABLE */
  scan(): Promise<void>
  /** ms since what other replicas had written was last read; infinite before the first time. */
  ageMs(): number
  /** Leaves what is known to whoever starts next, where that would help. @throws AppError SERVICE_UNAVAILABLE */
  keepSnapshot(): Promise<void>
  /** What a list shows, newest first. */
  readonly order: Pick<OrderedRecordings, 'size' | 'at' | 'indexAfter' | 'indexStartedBefore'>
  /** The same in an array, which is not changed afterwards. */
  all(): readonly RecordingInfo[]
  get(recordingName: string): RecordingInfo | undefined
  heldClaims(): readonly HeldClaim[]
  /** Enters what this process has just written, and tells other replicas. */
  put(key: string, etag: string, recording: RecordingInfo | undefined, claim?: HeldClaim): void
  /** Enters that this process has just deleted an object, and tells other replicas. */
  remove(key: string): void
  /** @returns how to stop listening */
  subscribe(listener: (event: RecordingEvent) => void): () => void
  /**
   * How the recordings are now that changed since then.
   * @param time ms since the epoch
   * @returns undefined when that is not known any more
   * @throws AppError SERVICE_UNAVAILABLE
   */
  changedSince(time: number): Promise<RecordingEvent[] | undefined>
  /** Ends background work; what was written is told to other replicas before. */
  close(): Promise<void>
}

/** @param now the clock, ms since the epoch */
export function createRecordingIndex(
  objects: ObjectStore,
  keys: RecordingKeys,
  store: RecordingStore,
  log: Logger,
  now: () => number,
): RecordingIndex {
  const rows = createRecordingRows()
  const touched = createTouchedKeys()
  const changeLog = createChangeLog(objects, keys, log, now)
  const reader = createLibraryReader(objects, keys, store, rows, touched)
  const follower = createChangeFollower(changeLog, keys, rows, reader, touched, now)
  const snapshot = createSnapshotKeeper(objects, keys, rows, log)
  const listeners = new Set<(event: RecordingEvent) => void>()
  let isLoaded = false
  let isClosed = false
  /** Of `performance.now`, as all times that are compared with the present. */
  let polledAt = Number.NEGATIVE_INFINITY
  let claimsReadAt = Number.NEGATIVE_INFINITY
  let scannedAt = Number.NEGATIVE_INFINITY
  /** How many of the newest are known while the others are still being read. */
  let knownNewest = 0
  /** Those who wait for the newest recordings while the others are still being read. */
  const waitingForNewest = new Set<{ readonly count: number; readonly resolve: () => void }>()

  const publish = (): void => {
    for (const event of rows.takeEvents()) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          log.error({ err: error }, 'a listener of recording events failed')
        }
      }
    }
  }

  /** What was there before this process knew of it is no news. */
  const publishOnceLoaded = (): void => {
    if (isLoaded) publish()
    else rows.takeEvents()
  }

  const tellNewest = (count: number): void => {
    knownNewest = Math.max(knownNewest, count)
    for (const waiting of waitingForNewest) {
      if (waiting.count > count) continue
      waitingForNewest.delete(waiting)
      waiting.resolve()
    }
  }

  const load = createSharedRun(async () => {
    const startedAt = performance.now()
    follower.begin(now())
    try {
      await beginWithNewest()
      const options = { snapshot: await snapshot.read(), onNewest: tellNewest }
      snapshot.noteChanges(await reader.load(options))
      isLoaded = true
      scannedAt = startedAt
      polledAt = startedAt
      log.debug({ recordings: rows.order.size, ms: performance.now() - startedAt }, 'library read')
    } finally {
      rows.takeEvents()
      tellNewest(Number.POSITIVE_INFINITY)
      knownNewest = 0
    }
  })

  /** Knows the newest recordings before all others, where some replica has left them not long ago. */
  const beginWithNewest = async (): Promise<void> => {
    const page = await snapshot.readNewest()
    if (!page || Math.abs(now() - page.asOf) > NEWEST_PAGE_LIMIT_MS) return
    for (const { address, content } of page.rows) {
      if (rows.etagOf(address) === undefined) rows.enter(address, content)
    }
    follower.begin(page.asOf)
    const [, { isScanNeeded }] = await Promise.all([
      reader.scan(['claim', 'tombstone', 'failed']),
      follower.poll(),
    ])
    rows.takeEvents()
    if (isScanNeeded) return
    polledAt = performance.now()
    tellNewest(rows.order.indexStartedBefore(page.completeFrom))
  }

  const poll = createSharedRun(async () => {
    const startedAt = performance.now()
    const { isScanNeeded } = await follower.poll()
    polledAt = startedAt
    publishOnceLoaded()
    if (isScanNeeded && isLoaded) scanBehind()
  })

  const scan = createSharedRun(async () => {
    // What the log tells has not to be found
    await poll.join()
    const startedAt = performance.now()
    const found = await reader.scan(ROW_KINDS)
    changeLog.append(found)
    snapshot.noteChanges(found.length)
    scannedAt = startedAt
    publish()
  })

  const claims = createSharedRun(async () => {
    const startedAt = performance.now()
    changeLog.append(await reader.scan(['claim']))
    claimsReadAt = startedAt
    publishOnceLoaded()
    // Only a scan tells what has become of a recording whose claim is gone
    if (isLoaded && rows.hasVanished) scanBehind()
  })

  const scanBehind = (): void => {
    if (isClosed) return
    scan.join().catch((error: unknown) => {
      if (!isClosed) log.warn({ err: error }, 'the library could not be scanned')
    })
  }

  const loadOrNewest = async (newest: number): Promise<void> => {
    const loading = load.join()
    if (newest === Number.POSITIVE_INFINITY) return loading
    if (newest <= knownNewest) return undefined
    let stopWaiting: () => void = () => undefined
    const known = new Promise<void>((resolve) => {
      const waiting = { count: newest, resolve }
      waitingForNewest.add(waiting)
      stopWaiting = () => waitingForNewest.delete(waiting)
    })
    // When the loading fails, both end: it is asked first
    await Promise.race([loading, known]).finally(stopWaiting)
  }

  /** Scans now and then behind the caller's back; waits for it somewhat when nobody has looked for long. */
  const keepScanned = async (): Promise<void> => {
    const age = performance.now() - scannedAt
    const pause = Math.max(SCAN_MS, rows.savedCount * SCAN_MS_PER_RECORDING)
    if (age < pause) return
    scanBehind()
    if (age < pause * OVERDUE_FACTOR) return
    let patience: NodeJS.Timeout | undefined
    const patient = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, SCAN_PATIENCE_MS)
    })
    // Whether it fails is told where it was begun
    await Promise.race([scan.join().catch(() => undefined), patient])
    clearTimeout(patience)
  }

  /** Enters one's own change and tells it to the other replicas. */
  const change = (key: string, enter: (address: RowAddress, before: string | undefined) => void): void => {
    const address = addressOf(keys, key)
    if (!address) throw new Error(`no object of the library: ${key}`)
    touched.touch(key)
    enter(address, rows.etagOf(address))
    snapshot.noteChanges(1)
    publish()
  }

  return {
    async ensureFresh(maxAgeMs, newest = Number.POSITIVE_INFINITY) {
      if (!isLoaded) {
        await loadOrNewest(newest)
        // What is answered before all is known follows the other replicas, too
        if (Number.isFinite(polledAt) && performance.now() - polledAt >= maxAgeMs) await poll.join()
        return
      }
      if (performance.now() - polledAt >= maxAgeMs) await poll.join()
      await keepScanned()
    },
    async ensureClaimsFresh(maxAgeMs) {
      if (performance.now() - Math.max(claimsReadAt, scannedAt) >= maxAgeMs) await claims.join()
      if (isLoaded && performance.now() - polledAt >= maxAgeMs) await poll.join()
    },
    async scan() {
      const isKnownAfterwards = !isLoaded && !load.isRunning
      if (!isLoaded) await load.join()
      if (!isKnownAfterwards) await scan.fresh()
    },
    ageMs: () => performance.now() - polledAt,
    async keepSnapshot() {
      if (!isLoaded) return
      await snapshot.keepNewest(follower.knownUntil)
      await snapshot.keep()
    },
    order: rows.order,
    all: () => rows.order.all(),
    get: (recordingName) => rows.get(recordingName),
    heldClaims: () => rows.heldClaims(),
    put(key, etag, recording, claim) {
      change(key, (address, before) => {
        const subject = subjectOf(rows, address)
        rows.enter(address, { etag, recording, claim })
        changeLog.append([
          {
            type: 'put',
            key,
            etag,
            ...(before !== undefined && { before }),
            ...(claim ? { claim } : recording && { recording }),
            ...(subject && { subject }),
          },
        ])
      })
    },
    remove(key) {
      change(key, (address, before) => {
        const subject = subjectOf(rows, address)
        if (before !== undefined) rows.drop(address)
        // Others may know what this process has not heard of
        changeLog.append([
          { type: 'remove', key, ...(before !== undefined && { before }), ...(subject && { subject }) },
        ])
      })
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async changedSince(time) {
      if (isLoaded) await poll.fresh()
      else await load.join()
      return follower.since(time)
    },
    async close() {
      isClosed = true
      await changeLog.close()
    },
  }
}
