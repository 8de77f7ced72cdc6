import pMap from 'p-map'
import type { RecordingStore } from '../../recordings/recording-store.ts'
import type { ObjectStore, StoredText } from '../../storage/object-store.ts'
import type { RecordingKeys } from '../../storage/recording-keys.ts'
import type { Change } from '../changes/change.ts'
import { ownText } from '../rows/compact-recording.ts'
import { orderByNames } from './name-order.ts'
import type { RecordingRows, RowContent } from '../rows/recording-rows.ts'
import { addressOf, keyOf, prefixOf, ROW_KINDS, type RowAddress, type RowKind } from '../rows/row-address.ts'
import { subjectOf } from '../changes/change-subject.ts'
import type { SnapshotRow } from './index-snapshot.ts'
import type { TouchedKeys } from './touched-keys.ts'

/** Objects read at once. */
const READ_CONCURRENCY = 32

/** An object that is to be read; it is named for what sorts them by name. */
interface Unread extends RowAddress {
  readonly etag: string
}

export interface LoadOptions {
  /** Gives what somebody has left to begin with, row by row; its rows may be wrong, and it may give none. */
  readonly readSnapshot: (onRow: (row: SnapshotRow) => void) => Promise<void>
  /**
   * Hears how many of the newest recordings are known for certain, though not all have been read.
   */
  readonly onNewest: (count: number) => void
}

/** Brings the rows to what S3 holds. */
export interface LibraryReader {
  /**
   * Lists the objects of these kinds, reads what is new, and drops what is gone.
   * @returns what was found to have changed
   * @throws AppError SERVICE_UNAVAILABLE; what was read until then stays
   */
  scan(kinds: readonly RowKind[]): Promise<Change[]>
  /**
   * Reads everything for the first time, the newest first where names tell which those are.
   * @returns how many objects had to be read
   * @throws AppError SERVICE_UNAVAILABLE; what was read until then stays
   */
  load(options: LoadOptions): Promise<number>
  /** Reads these objects as they are now. */
  read(addresses: readonly RowAddress[]): Promise<void>
}

export function createLibraryReader(
  objects: ObjectStore,
  keys: RecordingKeys,
  store: RecordingStore,
  rows: RecordingRows,
  touched: TouchedKeys,
): LibraryReader {
  let passes = 0

  const contentOf = (address: RowAddress, stored: StoredText): RowContent => {
    const key = keyOf(keys, address)
    if (address.kind !== 'claim') return { etag: stored.etag, recording: store.parse(key, stored) }
    const claim = store.parseClaim(key, stored)?.claim
    return claim?.state === 'held'
      ? { etag: stored.etag, claim, recording: claim.recording }
      : { etag: stored.etag }
  }

  /** @returns what has to be read, because it is not known as this version */
  const list = async (
    kind: RowKind,
    pass: number,
    isTouched: (key: string) => boolean,
    found: Change[],
  ): Promise<Unread[]> => {
    const unread: Unread[] = []
    for await (const { key, etag } of objects.list(prefixOf(keys, kind))) {
      const address = addressOf(keys, key)
      if (!address || rows.mark(address, etag, pass) || isTouched(key)) continue
      if (kind !== 'tombstone') {
        unread.push({ kind, name: ownText(address.name), etag: ownText(etag) })
        continue
      }
      // That it is there says everything
      const isNew = rows.etagOf(address) === undefined
      const subject = subjectOf(rows, address)
      touched.touch(key)
      rows.enter(address, { etag })
      rows.mark(address, etag, pass)
      if (isNew) found.push({ type: 'put', key: ownText(key), etag: ownText(etag), subject })
    }
    return unread
  }

  const readOne = async (
    address: RowAddress,
    pass: number,
    isTouched: (key: string) => boolean,
  ): Promise<Change | undefined> => {
    const key = keyOf(keys, address)
    const stored = await objects.getText(key)
    const before = rows.etagOf(address)
    if (isTouched(key) || stored?.etag === before) {
      if (before !== undefined) rows.mark(address, before, pass)
      return undefined
    }
    // Others that are reading may have seen it as it was
    touched.touch(key)
    const former = { ...(before !== undefined && { before }), subject: subjectOf(rows, address) }
    if (!stored) {
      rows.drop(address)
      return { type: 'remove', key, ...former }
    }
    const content = contentOf(address, stored)
    rows.enter(address, content)
    rows.mark(address, stored.etag, pass)
    return {
      type: 'put',
      key,
      etag: stored.etag,
      ...former,
      ...(content.claim && { claim: content.claim }),
      ...(!content.claim && content.recording && { recording: content.recording }),
    }
  }

  const dropUnseen = (
    kinds: readonly RowKind[],
    pass: number,
    isTouched: (key: string) => boolean,
  ): Change[] =>
    kinds.flatMap((kind) =>
      rows.unseen(kind, pass).flatMap((name): Change[] => {
        const address = { kind, name }
        const key = keyOf(keys, address)
        if (isTouched(key)) return []
        const before = rows.etagOf(address)
        const subject = subjectOf(rows, address)
        rows.drop(address)
        return [{ type: 'remove', key, ...(before !== undefined && { before }), subject }]
      }),
    )

  const scan = async (kinds: readonly RowKind[]): Promise<Change[]> => {
    const pass = ++passes
    const begunAt = performance.now()
    const reading = touched.begin()
    try {
      const found: Change[] = []
      const unread = await Promise.all(kinds.map((kind) => list(kind, pass, reading.isTouched, found)))
      const read = await pMap(unread.flat(), (one) => readOne(one, pass, reading.isTouched), {
        concurrency: READ_CONCURRENCY,
      })
      found.push(...read.flatMap((change) => change ?? []))
      found.push(...dropUnseen(kinds, pass, reading.isTouched))
      if (kinds.includes('metadata') && kinds.includes('failed')) rows.endVanished(begunAt)
      return found
    } finally {
      reading.end()
    }
  }

  const load = async ({ readSnapshot, onNewest }: LoadOptions): Promise<number> => {
    const pass = ++passes
    const begunAt = performance.now()
    const reading = touched.begin()
    const { isTouched } = reading
    try {
      const listing = Promise.all(ROW_KINDS.map((kind) => list(kind, pass, isTouched, [])))
      const beginning = readSnapshot(({ address, content }) => {
        if (rows.etagOf(address) === undefined && !isTouched(keyOf(keys, address)))
          rows.enter(address, content)
      })
      const [listed] = await Promise.all([listing, beginning])
      // The snapshot may have brought what had been listed before
      const unread = listed.flat().filter((one) => !rows.mark(one, one.etag, pass))
      const unreadNow = new Set(unread.map((one) => keyOf(keys, one)))
      for (const kind of ROW_KINDS) {
        for (const name of rows.unseen(kind, pass)) {
          const key = keyOf(keys, { kind, name })
          if (!unreadNow.has(key) && !isTouched(key)) rows.drop({ kind, name })
        }
      }
      rows.takeEvents()
      await readAll(unread, pass, isTouched, onNewest)
      rows.endVanished(begunAt)
      return unread.length
    } finally {
      reading.end()
    }
  }

  const readAll = async (
    unread: readonly Unread[],
    pass: number,
    isTouched: (key: string) => boolean,
    onNewest: (count: number) => void,
  ): Promise<void> => {
    const readQuietly = async (one: Unread): Promise<void> => {
      await readOne(one, pass, isTouched)
      // What was there before is no news
      rows.takeEvents()
    }
    const some = async (items: readonly Unread[]): Promise<void> => {
      await pMap(items, readQuietly, { concurrency: READ_CONCURRENCY })
    }
    await some(unread.filter(({ kind }) => kind !== 'metadata'))
    const files = unread.filter(({ kind }) => kind === 'metadata')
    const newest = orderByNames(files)
    if (!newest) {
      await some(files)
      return
    }
    let isReliable = true
    for (;;) {
      if (isReliable) onNewest(rows.order.indexStartedBefore(newest.leftBefore))
      const chunk = newest.take(READ_CONCURRENCY)
      if (chunk.length === 0) return
      await some(chunk)
      for (const address of chunk) {
        const recording = rows.recordingOf(address)
        if (recording && !newest.confirm(recording)) isReliable = false
      }
    }
  }

  return {
    scan,
    load,
    async read(addresses) {
      const pass = passes
      const reading = touched.begin()
      try {
        await pMap(addresses, (one) => readOne(one, pass, reading.isTouched), {
          concurrency: READ_CONCURRENCY,
        })
      } finally {
        reading.end()
      }
    },
  }
}
