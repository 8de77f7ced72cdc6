import { setImmediate } from 'node:timers/promises'
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
import type { Snapshot } from './index-snapshot.ts'
import { listInParts } from './list-in-parts.ts'
import { partings } from './partings.ts'
import type { TouchedKeys } from './touched-keys.ts'

/** Objects read at once. */
const READ_CONCURRENCY = 32

/** An object that is to be read; it is named for what sorts them by name. */
interface Unread extends RowAddress {
  readonly etag: string
}

/** One reading of the library. */
interface Pass {
  readonly pass: number
  readonly isTouched: (key: string) => boolean
}

export interface LoadOptions {
  /** What somebody has left to begin with. */
  readonly snapshot: Snapshot
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

  function* keysOf(kind: RowKind, names: Iterable<string>): Iterable<string> {
    for (const name of names) yield keyOf(keys, { kind, name })
  }

  /**
   * @param known names that are probably there
   * @returns what has to be read, because it is not known as this version
   */
  const list = async (
    kind: RowKind,
    pass: number,
    isTouched: (key: string) => boolean,
    known: Iterable<string>,
    found: Change[],
  ): Promise<Unread[]> => {
    const unread: Unread[] = []
    await listInParts(objects, prefixOf(keys, kind), partings(keysOf(kind, known)), ({ key, etag }) => {
      const address = addressOf(keys, key)
      if (!address || rows.mark(address, etag, pass) || isTouched(key)) return
      if (kind !== 'tombstone') {
        unread.push({ kind, name: ownText(address.name), etag: ownText(etag) })
        return
      }
      // That it is there says everything
      const isNew = rows.etagOf(address) === undefined
      const subject = subjectOf(rows, address)
      touched.touch(key)
      rows.enter(address, { etag })
      rows.mark(address, etag, pass)
      if (isNew) found.push({ type: 'put', key: ownText(key), etag: ownText(etag), subject })
    })
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
      const unread = await Promise.all(
        kinds.map((kind) => list(kind, pass, reading.isTouched, rows.names(kind), found)),
      )
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

  const load = async ({ snapshot, onNewest }: LoadOptions): Promise<number> => {
    const pass = ++passes
    const begunAt = performance.now()
    const reading = touched.begin()
    const { isTouched } = reading
    try {
      const listed = await Promise.all(
        ROW_KINDS.map((kind) => list(kind, pass, isTouched, snapshot.names(kind), [])),
      )
      const unread = listed.flat()
      const unreadNow = new Set(unread.map((one) => keyOf(keys, one)))
      for (const kind of ROW_KINDS) {
        for (const name of rows.unseen(kind, pass)) {
          const key = keyOf(keys, { kind, name })
          if (!unreadNow.has(key) && !isTouched(key)) rows.drop({ kind, name })
        }
      }
      rows.takeEvents()
      const count = await readAll(unread, { pass, isTouched, snapshot, onNewest })
      rows.endVanished(begunAt)
      return count
    } finally {
      reading.end()
    }
  }

  /** @returns how many had to be read from S3 */
  const readAll = async (
    unread: readonly Unread[],
    { pass, isTouched, snapshot, onNewest }: LoadOptions & Pass,
  ): Promise<number> => {
    let count = 0
    const readQuietly = async (one: Unread): Promise<void> => {
      const remembered = isTouched(keyOf(keys, one)) ? undefined : snapshot.take(one, one.etag)
      if (remembered) {
        rows.enter(one, remembered)
        rows.mark(one, one.etag, pass)
      } else {
        count++
        await readOne(one, pass, isTouched)
      }
      // What was there before is no news
      rows.takeEvents()
    }
    const some = async (items: readonly Unread[]): Promise<void> => {
      await pMap(items, readQuietly, { concurrency: READ_CONCURRENCY })
      // Where nothing has to be read, others have to get their turn all the same
      await setImmediate()
    }
    await some(unread.filter(({ kind }) => kind !== 'metadata'))
    const files = unread.filter(({ kind }) => kind === 'metadata')
    const newest = orderByNames(files)
    if (!newest) {
      await some(files)
      return count
    }
    let isReliable = true
    for (;;) {
      if (isReliable) onNewest(rows.order.indexStartedBefore(newest.leftBefore))
      const chunk = newest.take(READ_CONCURRENCY)
      if (chunk.length === 0) return count
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
