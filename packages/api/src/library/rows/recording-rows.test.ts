import { isActiveStatus, type RecordingInfo, type RecordingStatus } from '@roomreel/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameWithoutFile } from '../../recordings/recording-from-egress.ts'
import { compareNewestFirst } from '../recording-order.ts'
import { createRecordingRows, type RecordingRows } from './recording-rows.ts'
import type { RowAddress, RowKind } from './row-address.ts'

const IDS = ['EG_a', 'EG_b', 'EG_c', '']

function recordingOf(id: string, name: string, status: RecordingStatus, startedAt: number): RecordingInfo {
  const roomId = `RM_${id}`
  return { id, name, roomName: 'Board', roomId, startedAt, duration: 1, size: 1, status }
}

/** What may be done to the objects of three recordings and of a file without an id. */
type Step =
  | {
      readonly type: 'file' | 'failed'
      readonly id: string
      readonly isThere: boolean
      readonly startedAt: number
    }
  | {
      readonly type: 'claim'
      readonly id: string
      readonly isThere: boolean
      readonly status: RecordingStatus
    }
  | { readonly type: 'tombstone'; readonly id: string; readonly isThere: boolean; readonly ofFailed: boolean }
  | { readonly type: 'told' | 'scanned' }

const id = fc.constantFrom(...IDS)
const isThere = fc.boolean()
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constantFrom('file', 'failed'), id, isThere, startedAt: fc.nat(3) }),
  fc.record({
    type: fc.constant('claim'),
    id: fc.constantFrom('EG_a', 'EG_b', 'EG_c'),
    isThere,
    status: fc.constantFrom<RecordingStatus>('STARTING', 'STARTED', 'STOPPING'),
  }),
  fc.record({ type: fc.constant('tombstone'), id, isThere, ofFailed: fc.boolean() }),
  fc.record({ type: fc.constantFrom('told', 'scanned') }),
)

const fileName = (recordingId: string) => `file ${recordingId}.mp4`
const failedName = (recordingId: string) =>
  nameWithoutFile({ roomName: 'Board', roomId: `RM_${recordingId}`, id: recordingId })

/** The same said once more, without anything that is remembered from one change to the next. */
function createModel() {
  const objects = new Map<string, { address: RowAddress; recording: RecordingInfo | undefined }>()
  const has = (kind: RowKind, name: string) => objects.has(`${kind} ${name}`)
  return {
    set(address: RowAddress, recording: RecordingInfo | undefined, exists: boolean) {
      const key = `${address.kind} ${address.name}`
      if (exists) objects.set(key, { address, recording })
      else objects.delete(key)
    },
    shown(): RecordingInfo[] {
      const of = (kind: RowKind) => [...objects.values()].filter(({ address }) => address.kind === kind)
      const files = of('metadata').flatMap(({ address, recording }) =>
        recording && !has('tombstone', address.name) ? [recording] : [],
      )
      const failed = of('failed').flatMap(({ address, recording }) =>
        recording &&
        !has('tombstone', address.name) &&
        !has('metadata', address.name) &&
        !files.some((file) => file.id !== '' && file.id === recording.id)
          ? [recording]
          : [],
      )
      const running = of('claim').flatMap(({ recording }) =>
        recording &&
        !has('tombstone', nameWithoutFile(recording)) &&
        ![...files, ...failed].some((saved) => saved.id === recording.id)
          ? [recording]
          : [],
      )
      return [...files, ...failed, ...running].toSorted(compareNewestFirst)
    },
  }
}

/** What a page shows that began with nothing and has heard of everything since. */
function createPage() {
  const shown: RecordingInfo[] = []
  const forget = (isMeant: (recording: RecordingInfo) => boolean) => {
    for (const recording of shown.filter((each) => isMeant(each))) shown.splice(shown.indexOf(recording), 1)
  }
  return {
    hear(rows: RecordingRows) {
      for (const event of rows.takeEvents()) {
        if (event.type === 'resync') shown.splice(0, shown.length, ...rows.order.all())
        else if (event.type === 'deleted') forget(({ name }) => name === event.recordingName)
        else {
          const { recording } = event
          forget(
            ({ id: other, name }) =>
              (other !== '' && other === recording.id) || (name !== '' && name === recording.name),
          )
          shown.push(recording)
        }
      }
    },
    shown: () => shown.toSorted(compareNewestFirst),
  }
}

describe('rows of the library', () => {
  it('show each recording once, as what is best known of it, and tell every change', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const rows = createRecordingRows()
        const model = createModel()
        const page = createPage()
        let version = 0
        const views: Array<{ seen: readonly RecordingInfo[]; expected: readonly RecordingInfo[] }> = []
        const put = (address: RowAddress, recording: RecordingInfo | undefined, exists: boolean) => {
          if (exists)
            rows.enter(address, { etag: `"${++version}"`, recording, claim: claimOf(address, recording) })
          else rows.drop(address)
          model.set(address, recording, exists)
        }
        for (const each of steps) {
          if (each.type === 'told') page.hear(rows)
          if (each.type === 'scanned') rows.endVanished(Number.POSITIVE_INFINITY)
          if (each.type === 'file') {
            const name = fileName(each.id)
            put(
              { kind: 'metadata', name },
              recordingOf(each.id, name, 'COMPLETE', each.startedAt),
              each.isThere,
            )
          }
          if (each.type === 'failed') {
            const name = failedName(each.id)
            put({ kind: 'failed', name }, recordingOf(each.id, name, 'FAILED', each.startedAt), each.isThere)
          }
          if (each.type === 'claim') {
            put(
              { kind: 'claim', name: `RM_${each.id}` },
              recordingOf(each.id, '', each.status, 5),
              each.isThere,
            )
          }
          if (each.type === 'tombstone') {
            const name = each.ofFailed ? failedName(each.id) : fileName(each.id)
            put({ kind: 'tombstone', name }, undefined, each.isThere)
          }
          // Until a scan says that nothing has taken its place, a recording whose claim is gone is shown
          views.push({ seen: rows.hasVanished ? model.shown() : rows.order.all(), expected: model.shown() })
        }
        rows.endVanished(Number.POSITIVE_INFINITY)
        page.hear(rows)
        for (const { seen, expected } of views) expect(seen).toEqual(expected)
        expect(rows.order.all()).toEqual(model.shown())
        expect(page.shown()).toEqual(model.shown())
        const named = model.shown().filter(({ name }) => name !== '')
        expect(named.map(({ name }) => rows.get(name))).toEqual(named)
        const hidden = model.shown().filter(({ id }) => id !== '' && !rows.isShown(id))
        expect(hidden).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  it('tell nothing of what came and went unheard, and nothing twice', () => {
    const rows = createRecordingRows()
    const address = { kind: 'metadata', name: fileName('EG_a') } as const
    const recording = recordingOf('EG_a', address.name, 'COMPLETE', 1)
    rows.enter(address, { etag: '1', recording })
    rows.drop(address)
    expect(rows.takeEvents()).toEqual([])
    rows.enter(address, { etag: '1', recording })
    expect(rows.takeEvents()).toHaveLength(1)
    rows.enter(address, { etag: '2', recording: { ...recording } })
    expect(rows.takeEvents()).toEqual([])
  })
})

function claimOf({ kind, name }: RowAddress, recording: RecordingInfo | undefined) {
  if (kind !== 'claim' || !recording || !isActiveStatus(recording.status)) return undefined
  const { roomName } = recording
  return {
    state: 'held',
    roomName,
    roomId: name,
    layout: 'grid',
    requestedAt: 0,
    expiresAt: 0,
    recording,
  } as const
}
