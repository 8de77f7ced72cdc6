import type { RecordingInfo } from '@roomreel/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { formatChangeId } from '../../src/library/changes/change-id.ts'
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
    // The newest page, the snapshot, and the two that they do not know
    expect(second.calls('get')).toBe(4)
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
    // The newest page and the snapshot
    expect(third.calls('get')).toBe(2)
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
    // With the newest page
    expect(another.calls('put')).toBe(2)
  })

  describe('where another has left the newest page', () => {
    const recordings = recordingNumbers(400)
    let first: Replica
    beforeEach(async () => {
      await library.write(recordings)
      first = library.replica()
      await first.index.ensureFresh(0)
      await first.index.keepSnapshot()
    })

    it('answers with it and what the log has told since, before it looks for all others', async () => {
      const added = recordingNumber(500)
      const saved = await first.store.save(added)
      first.index.put(saved.key, saved.etag, saved.recording)
      const { name } = recordingNumber(398)
      await first.objects.delete(first.keys.metadata(name))
      first.index.remove(first.keys.metadata(name))
      await first.index.close()
      // What no log tells is found by the look at all that follows
      await library.erase(recordingNumber(397).name)

      const told = newest([...recordings.filter(({ name: other }) => other !== name), added])
      const second = library.replica()
      expect(await firstPage(second)).toEqual(told.slice(0, LIMIT))
      const found = told.filter((other) => other !== recordingNumber(397).name)
      await second.index.ensureFresh(0)
      expect(await allNames(second)).toEqual(found)
    })

    it.each<[string, (page: Record<string, unknown>) => unknown]>([
      ['is too old for the log', (page) => ({ ...page, asOf: Date.now() - 3_600_000 })],
      ['is of a time to come', (page) => ({ ...page, asOf: Date.now() + 7_200_000 })],
      ['is of another version', (page) => ({ ...page, version: 2 })],
      ['is nothing of the kind', () => 'newest'],
    ])('looks at all others first where it %s', async (_what, change) => {
      const { objects, keys } = first
      const stored = await objects.getText(keys.newestPage)
      await objects.putJson(
        keys.newestPage,
        change(z.record(z.string(), z.unknown()).parse(JSON.parse(stored?.text ?? ''))),
      )
      await library.erase(recordingNumber(399).name)
      expect(await firstPage(library.replica())).toEqual(newest(recordings).slice(1, LIMIT + 1))
    })

    it('looks at all others first where the log says that something is missing', async () => {
      const { objects, keys } = first
      const id = formatChangeId({ time: Date.now(), writer: 'stranger', sequence: 1 })
      await objects.putJson(keys.change(id), { changes: [{ type: 'lost' }] })
      await library.erase(recordingNumber(399).name)
      expect(await firstPage(library.replica())).toEqual(newest(recordings).slice(1, LIMIT + 1))
    })
  })
})
