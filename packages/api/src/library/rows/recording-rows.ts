import type { RecordingEvent, RecordingInfo } from '@roomreel/contracts'
import type { HeldClaim } from '../../recordings/claim.ts'
import { nameWithoutFile } from '../../recordings/recording-from-egress.ts'
import { compactRecording, createIntern, ownText } from './compact-recording.ts'
import { eventsOf } from './events-of-rows.ts'
import { createIdCount } from './id-count.ts'
import { createOrderedRecordings, type OrderedRecordings } from './ordered-recordings.ts'
import type { RowAddress, RowKind } from './row-address.ts'

/** What an object holds. */
export interface RowContent {
  readonly etag: string
  /** Undefined for what holds no recording: a foreign file, a free claim, a tombstone. */
  readonly recording?: RecordingInfo | undefined
  /** Of a claim that is held. */
  readonly claim?: HeldClaim | undefined
}

interface Row {
  readonly etag: string
  readonly recording: RecordingInfo | undefined
  isShown: boolean
  /** The scan that saw it last. */
  pass: number
}

/**
 * The objects of the library as far as they are known, and what a list shows of them. A recording is shown once:
 * by its file's metadata, else by what is kept without a file, else by the claim that it runs under; and not at
 * all when it has been deleted. A recording whose claim was freed is shown until something else shows it, or
 * `endVanished` says that nothing does.
 */
export interface RecordingRows {
  /** In the order of the list; what is shown. */
  readonly order: Omit<OrderedRecordings, 'insert' | 'remove'>
  /** Objects that are known, of those two kinds of which there can be many. */
  readonly savedCount: number
  etagOf(address: RowAddress): string | undefined
  /** What an object holds, shown or not. */
  recordingOf(address: RowAddress): RecordingInfo | undefined
  /** The shown recording of this name. */
  get(recordingName: string): RecordingInfo | undefined
  isDeleted(recordingName: string): boolean
  isShown(recordingId: string): boolean
  heldClaims(): readonly HeldClaim[]
  enter(address: RowAddress, content: RowContent): void
  drop(address: RowAddress): void
  /** Of the recordings, or rooms, of which an object of this kind is known. */
  names(kind: RowKind): Iterable<string>
  /** Notes that a scan has seen the object. @returns whether it is known as this version */
  mark(address: RowAddress, etag: string, pass: number): boolean
  /** Objects of a kind that neither this scan nor a later one has seen. */
  unseen(kind: RowKind, pass: number): string[]
  /** Whether there is a recording whose claim is gone without anything having taken its place. */
  readonly hasVanished: boolean
  /** Those whose claim went before this time (of `performance.now`) are gone indeed. */
  endVanished(before: number): void
  /** What has become of the shown recordings since the last call, as it is told. */
  takeEvents(): RecordingEvent[]
  /** So many of the shown recordings that have a file, newest first. */
  newestWithFile(count: number): Array<{ readonly address: RowAddress; readonly content: RowContent }>
  /** What a snapshot keeps. */
  saved(): Iterable<{ readonly address: RowAddress; readonly content: RowContent }>
}

export function createRecordingRows(): RecordingRows {
  const order = createOrderedRecordings()
  const rows: Record<RowKind, Map<string, Row>> = {
    metadata: new Map(),
    failed: new Map(),
    claim: new Map(),
    tombstone: new Map(),
  }
  const held = new Map<string, HeldClaim>()
  /** By the recording's id: what was shown by a claim that is gone, and since when (of `performance.now`). */
  const vanished = new Map<string, { readonly row: Row; readonly since: number }>()
  const shownWithFile = createIdCount()
  const shownWithoutFile = createIdCount()
  /** Names of what is kept without a file, by the recording's id. */
  const failedNames = new Map<string, Set<string>>()
  const roomIds = new Map<string, string>()
  const intern = createIntern()
  let shown = new Set<RecordingInfo>()
  let gone: RecordingInfo[] = []

  const set = (row: Row | undefined, isShown: boolean): boolean => {
    if (!row?.recording || row.isShown === isShown) return false
    row.isShown = isShown
    if (isShown) {
      order.insert(row.recording)
      shown.add(row.recording)
    } else {
      order.remove(row.recording)
      // What came and went between two calls is not told
      if (!shown.delete(row.recording)) gone.push(row.recording)
    }
    return true
  }

  const setFile = (name: string, isShown: boolean): void => {
    const row = rows.metadata.get(name)
    if (set(row, isShown)) shownWithFile.add(row?.recording?.id ?? '', isShown ? 1 : -1)
  }

  const setFailed = (name: string, isShown: boolean): void => {
    const row = rows.failed.get(name)
    if (set(row, isShown)) shownWithoutFile.add(row?.recording?.id ?? '', isShown ? 1 : -1)
  }

  const isBuried = (recording: RecordingInfo): boolean =>
    rows.tombstone.has(recording.name) || rows.tombstone.has(nameWithoutFile(recording))

  const decideRunning = (id: string): void => {
    const isSaved = shownWithFile.has(id) || shownWithoutFile.has(id)
    const row = rows.claim.get(roomIds.get(id) ?? '')
    set(row, !isSaved && row?.recording !== undefined && !isBuried(row.recording))
    const limbo = vanished.get(id)
    if (!limbo) return
    if (isSaved || row?.isShown || (limbo.row.recording && isBuried(limbo.row.recording))) {
      set(limbo.row, false)
      vanished.delete(id)
    } else {
      set(limbo.row, true)
    }
  }

  /** Shows of a recording what there is to be shown, after something of this name or id has changed. */
  const decide = (name: string | undefined, id: string): void => {
    const names = new Set(failedNames.get(id))
    if (name !== undefined) {
      names.add(name)
      setFile(name, !rows.tombstone.has(name))
    }
    for (const each of names) {
      const row = rows.failed.get(each)
      const hasFile = rows.metadata.get(each)?.recording !== undefined
      setFailed(each, !rows.tombstone.has(each) && !hasFile && !shownWithFile.has(row?.recording?.id ?? ''))
    }
    if (id !== '') decideRunning(id)
  }

  const decideAll = (name: string | undefined, ids: Iterable<string | undefined>): void => {
    for (const id of new Set(ids)) decide(name, id ?? '')
  }

  /** After a tombstone has come or gone. */
  const decideBuried = (name: string): void => {
    decideAll(name, idsOf(name))
    for (const { recording } of held.values()) if (recording?.id) decideRunning(recording.id)
  }

  const hide = (kind: RowKind, name: string): Row | undefined => {
    const row = rows[kind].get(name)
    if (kind === 'metadata') setFile(name, false)
    else if (kind === 'failed') setFailed(name, false)
    else set(row, false)
    return row
  }

  const forgetClaim = (roomId: string): string | undefined => {
    const row = rows.claim.get(roomId)
    const wasShown = row?.isShown === true
    hide('claim', roomId)
    rows.claim.delete(roomId)
    held.delete(roomId)
    const id = row?.recording?.id
    if (!row?.recording || id === undefined || id === '') return id
    if (roomIds.get(id) === roomId) roomIds.delete(id)
    if (wasShown) vanished.set(id, { row: { ...row, isShown: false }, since: performance.now() })
    return id
  }

  const idsOf = (name: string): Array<string | undefined> => [
    rows.metadata.get(name)?.recording?.id,
    rows.failed.get(name)?.recording?.id,
  ]

  const enter = ({ kind, name }: RowAddress, { etag, recording, claim }: RowContent): void => {
    const pass = rows[kind].get(name)?.pass ?? 0
    const row = (kept: RecordingInfo | undefined): Row => ({
      etag: ownText(etag),
      recording: kept,
      isShown: false,
      pass,
    })
    if (kind === 'tombstone') {
      rows.tombstone.set(name, row(undefined))
      decideBuried(name)
      return
    }
    if (kind === 'claim') {
      const before = forgetClaim(name)
      rows.claim.set(name, row(recording))
      if (claim) held.set(name, claim)
      if (recording && recording.id !== '') roomIds.set(recording.id, name)
      decideAll(undefined, [before, recording?.id])
      return
    }
    const before = hide(kind, name)?.recording?.id
    const ownName = recording?.name === name ? name : ownText(name)
    const kept = recording && compactRecording(recording, ownName, intern)
    rows[kind].set(kept?.name ?? ownName, row(kept))
    if (kind === 'failed') noteFailed(name, before, kept?.id)
    decideAll(name, [before, kept?.id])
  }

  const noteFailed = (name: string, before: string | undefined, id: string | undefined): void => {
    const former = before === undefined ? undefined : failedNames.get(before)
    former?.delete(name)
    if (before !== undefined && former?.size === 0) failedNames.delete(before)
    if (id === undefined || id === '') return
    const names = failedNames.get(id) ?? new Set()
    names.add(name)
    failedNames.set(id, names)
  }

  const drop = ({ kind, name }: RowAddress): void => {
    if (!rows[kind].has(name)) return
    if (kind === 'claim') {
      decideAll(undefined, [forgetClaim(name)])
      return
    }
    if (kind === 'tombstone') {
      rows.tombstone.delete(name)
      decideBuried(name)
      return
    }
    const id = hide(kind, name)?.recording?.id
    rows[kind].delete(name)
    if (kind === 'failed') noteFailed(name, id, undefined)
    decideAll(name, [id, ...idsOf(name)])
  }

  const get = (name: string): RecordingInfo | undefined => {
    for (const row of [rows.metadata.get(name), rows.failed.get(name)]) {
      if (row?.isShown) return row.recording
    }
    for (const roomId of held.keys()) {
      const row = rows.claim.get(roomId)
      if (row?.isShown && row.recording?.name === name) return row.recording
    }
    for (const { row } of vanished.values())
      if (row.isShown && row.recording?.name === name) return row.recording
    return undefined
  }

  const isShown = (id: string): boolean =>
    shownWithFile.has(id) ||
    shownWithoutFile.has(id) ||
    rows.claim.get(roomIds.get(id) ?? '')?.isShown === true ||
    vanished.get(id)?.row.isShown === true

  return {
    order,
    get savedCount() {
      return rows.metadata.size + rows.failed.size
    },
    etagOf: ({ kind, name }) => rows[kind].get(name)?.etag,
    recordingOf: ({ kind, name }) => rows[kind].get(name)?.recording,
    get,
    isDeleted: (name) => rows.tombstone.has(name),
    isShown,
    heldClaims: () => [...held.values()],
    enter,
    drop,
    names: (kind) => rows[kind].keys(),
    mark({ kind, name }, etag, pass) {
      const row = rows[kind].get(name)
      if (!row) return false
      row.pass = pass
      return row.etag === etag
    },
    unseen(kind, pass) {
      const names: string[] = []
      for (const [name, row] of rows[kind]) if (row.pass < pass) names.push(name)
      return names
    },
    get hasVanished() {
      return vanished.size > 0
    },
    endVanished(before) {
      for (const [id, { row, since }] of vanished) {
        if (since >= before) continue
        set(row, false)
        vanished.delete(id)
      }
    },
    takeEvents() {
      const events = eventsOf([...shown], gone, { get, isShown })
      shown = new Set()
      gone = []
      return events
    },
    newestWithFile(count) {
      const newest: ReturnType<RecordingRows['newestWithFile']> = []
      for (let place = 0; place < order.size && newest.length < count; place++) {
        const recording = order.at(place)
        const row = recording && rows.metadata.get(recording.name)
        if (!row || row.recording !== recording) continue
        newest.push({
          address: { kind: 'metadata', name: recording.name },
          content: { etag: row.etag, recording },
        })
      }
      return newest
    },
    *saved() {
      for (const kind of ['metadata', 'failed'] as const) {
        for (const [name, { etag, recording }] of rows[kind]) {
          yield { address: { kind, name }, content: { etag, recording } }
        }
      }
    },
  }
}
