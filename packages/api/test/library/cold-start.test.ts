import type { RecordingInfo } from '@roomreel/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listRecordings } from '../../src/library/list-recordings.ts'
import { compareNewestFirst } from '../../src/library/recording-order.ts'
import { type Library, recordingNumber, recordingNumbers, type Replica, startLibrary } from './a-library.ts'

const ADMIN = { kind: 'admin' } as const
const COUNT = 400
const LIMIT = 24

const newest = (recordings: readonly RecordingInfo[]) =>
  recordings.toSorted(compareNewestFirst).map(({ name }) => name)

async function firstPage(replica: Replica): Promise<string[]> {
  const { items } = await listRecordings(replica, ADMIN, { limit: LIMIT })
  return items.map(({ name }) => name)
}

/** All names, page by page. */
async function allNames(replica: Replica): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await listRecordings(replica, ADMIN, { limit: 100, ...(cursor !== undefined && { cursor }) })
    names.push(...page.items.map(({ name }) => name))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return names
}

describe('a new process', () => {
  let library: Library
  beforeEach(async () => {
    library = await startLibrary()
  })
  afterEach(async () => {
    await library[Symbol.asyncDispose]()
  })

  it('tells the newest from their names, and answers before it has read the others', async () => {
    const recordings = recordingNumbers(COUNT)
    await library.write(recordings)
    const replica = library.replica()
    expect(await firstPage(replica)).toEqual(newest(recordings).slice(0, LIMIT))
    expect(replica.calls('get')).toBeLessThan(COUNT / 2)
    expect(await allNames(replica)).toEqual(newest(recordings))
  })

  it('reads all where one of the newest is not as new as its name says', async () => {
    const recordings = recordingNumbers(200)
    const liar = recordingNumber(199, { startedAt: recordingNumber(3).startedAt + 5 })
    const late = recordingNumber(20, { startedAt: recordingNumber(210).startedAt })
    const all = [...recordings.filter((_each, number) => number !== 199 && number !== 20), liar, late]
    await library.write(all)
    expect(await firstPage(library.replica())).toEqual(newest(all).slice(0, LIMIT))
  })

  it('reads all where a name says no time', async () => {
    const all = [...recordingNumbers(100), recordingNumber(500, { name: 'somebody else named it.mp4' })]
    await library.write(all)
    expect(await firstPage(library.replica())).toEqual(newest(all).slice(0, LIMIT))
  })

  it('believes names no more closely than they are told: a second, and the time that a recorder takes', async () => {
    // Each began a little earlier than the next, though all their names say the same second, or a later one
    const all = Array.from({ length: 150 }, (_none, number) =>
      recordingNumber(number, {
        name: `Same-RM_abcdefghijkl-2026-02-0${1 + (number % 2)}T100000-${number}.mp4`,
        startedAt: Date.UTC(2026, 1, 1 + (number % 2), 10) + ((number * 7_919) % 1_900) - 900,
      }),
    )
    await library.write(all)
    expect(await firstPage(library.replica())).toEqual(newest(all).slice(0, LIMIT))
  })

  it('begins with the snapshot that another has left, and believes S3 where they differ', async () => {
    const recordings = recordingNumbers(400)
    await library.write(recordings)
    const first = library.replica()
    await first.index.ensureFresh(0)
    await first.index.keepSnapshot()
    const changed = { ...recordingNumber(7), duration: 99 }
    const added = recordingNumber(600)
    await library.write([changed, added])
    await library.erase(recordingNumber(399).name)

    const second = library.replica()
    await second.index.ensureFresh(0)
    // The snapshot itself, and the two that it does not know
    expect(second.calls('get')).toBe(3)
    expect(await allNames(second)).toEqual(newest([...recordings.slice(0, 399), added]))
    expect(second.index.get(changed.name)?.duration).toBe(99)
  })

  it.each([
    ['no gzip', Buffer.from('nothing of the kind')],
    ['cut', undefined],
  ])('reads everything where the snapshot is %s, and leaves a better one', async (_what, bytes) => {
    const recordings = recordingNumbers(300)
    await library.write(recordings)
    const first = library.replica()
    const { objects, keys } = first
    await first.index.ensureFresh(0)
    await first.index.keepSnapshot()
    const written = await objects.getBytes(keys.snapshot)
    const broken = bytes ?? written?.bytes.subarray(0, 2_000) ?? Buffer.alloc(0)
    await objects.putBytes(keys.snapshot, broken, { contentType: 'application/gzip' })

    const second = library.replica()
    expect(await allNames(second)).toEqual(newest(recordings))
    await second.index.keepSnapshot()
    await second.index.keepSnapshot()
    const third = library.replica()
    expect(await allNames(third)).toEqual(newest(recordings))
    expect(third.calls('get')).toBe(1)
  })

  it('writes no snapshot where few have changed, or there are few', async () => {
    await library.write(recordingNumbers(150))
    const replica = library.replica()
    await replica.index.ensureFresh(0)
    await replica.index.keepSnapshot()
    expect(replica.calls('put')).toBe(0)
    await library.write(recordingNumbers(400))
    const another = library.replica()
    await another.index.ensureFresh(0)
    await another.index.keepSnapshot()
    await another.index.keepSnapshot()
    expect(another.calls('put')).toBe(1)
  })
})
