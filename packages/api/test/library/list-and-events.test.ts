import type { RecordingEvent, RecordingInfo } from '@roomreel/contracts'
import * as fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { formatFeedPosition } from '../../src/library/feed-position.ts'
import { listRecordings } from '../../src/library/list-recordings.ts'
import { createRecordingFeed, type FeedEvent } from '../../src/library/recording-feed.ts'
import { type Library, recordingNumber, recordingNumbers, type Replica, startLibrary } from './a-library.ts'

const ADMIN = { kind: 'admin' } as const

async function save({ store, index }: Replica, recording: RecordingInfo): Promise<void> {
  const saved = await store.save(recording)
  index.put(saved.key, saved.etag, saved.recording)
}

async function remove({ objects, index, keys }: Replica, { name }: RecordingInfo): Promise<void> {
  await objects.delete(keys.metadata(name))
  index.remove(keys.metadata(name))
}

describe('a list', () => {
  let library: Library
  let replica: Replica
  beforeAll(async () => {
    library = await startLibrary()
    replica = library.replica()
    await replica.index.ensureFresh(0)
  })
  afterAll(async () => {
    await library[Symbol.asyncDispose]()
  })

  it('gives what was there throughout exactly once, whatever comes and goes between two pages', async () => {
    const change = fc.record({ number: fc.nat(39), isAdded: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(39), { maxLength: 30 }),
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        async (start, changes, limit) => {
          const there = new Set(start)
          for (const { name } of replica.index.all()) replica.index.remove(replica.keys.metadata(name))
          const put = (number: number) => {
            const recording = recordingNumber(number)
            replica.index.put(replica.keys.metadata(recording.name), `"${number}"`, recording)
          }
          for (const number of start) put(number)
          const throughout = new Set(start)
          const seen: string[] = []
          let cursor: string | undefined
          let turn = 0
          do {
            const page = await listRecordings(replica, ADMIN, {
              limit,
              ...(cursor !== undefined && { cursor }),
            })
            seen.push(...page.items.map(({ name }) => name))
            cursor = page.nextCursor
            for (const { number, isAdded } of changes[turn++] ?? []) {
              if (isAdded === there.has(number)) continue
              if (isAdded) put(number)
              else replica.index.remove(replica.keys.metadata(recordingNumber(number).name))
              if (isAdded) there.add(number)
              else there.delete(number)
              throughout.delete(number)
            }
          } while (cursor !== undefined)
          expect(new Set(seen).size).toBe(seen.length)
          expect(seen).toEqual(
            expect.arrayContaining([...throughout].map((number) => recordingNumber(number).name)),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('asks S3 for nothing but the log, however many there are', async () => {
    await library.write(recordingNumbers(300))
    const warm = library.replica()
    await warm.index.ensureFresh(0)
    await warm.index.ensureFresh(0)
    const before = { list: warm.calls('list'), get: warm.calls('get') }
    expect(before.get).toBeGreaterThanOrEqual(300)
    for (let page = 0; page < 20; page++) await listRecordings(warm, ADMIN, { limit: 24 })
    expect(warm.calls('get')).toBe(0)
    expect(warm.calls('list')).toBeLessThanOrEqual(1)
  })
})

describe('events', () => {
  let library: Library
  let one: Replica
  let other: Replica
  beforeEach(async () => {
    library = await startLibrary()
    await library.write(recordingNumbers(3))
    one = library.replica()
    other = library.replica()
    await one.index.ensureFresh(0)
    await other.index.ensureFresh(0)
  })
  afterEach(async () => {
    await library[Symbol.asyncDispose]()
  })

  function feedOf(replica: Replica) {
    const feed = createRecordingFeed(replica.index, pino({ level: 'silent' }), replica.now)
    onTestFinished(() => {
      feed.close()
    })
    return feed
  }

  /** Reads until so many have come. */
  async function read(
    feed: ReturnType<typeof feedOf>,
    count: number,
    lastEventId?: string,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<FeedEvent[]> {
    const got: FeedEvent[] = []
    const ended = new AbortController()
    const reading = (async () => {
      for await (const entry of feed.read(lastEventId, ended.signal)) {
        got.push(entry)
        if (got.length === count) return
      }
    })()
    await expect.poll(() => feed.readers).toBe(1)
    await meanwhile()
    await reading
    return got
  }

  const told = (entries: readonly FeedEvent[]): RecordingEvent[] => entries.map(({ event }) => event)
  const deleted = ({ name, roomName, roomId }: RecordingInfo): RecordingEvent => ({
    type: 'deleted',
    recordingName: name,
    roomName,
    roomId,
  })

  it('go on at another replica where they ended at the first', async () => {
    const first = feedOf(one)
    const [seen] = await read(first, 1, undefined, () => save(one, recordingNumber(10)))
    await save(one, recordingNumber(11))
    await save(other, recordingNumber(12))
    await remove(other, recordingNumber(0))
    await one.index.close()
    await other.index.close()
    const second = feedOf(other)
    // The ones before the last that was seen may be told again
    const missed = await read(second, 4, seen?.id)
    expect(told(missed)).toEqual([
      { type: 'saved', recording: recordingNumber(10) },
      { type: 'saved', recording: recordingNumber(11) },
      { type: 'saved', recording: recordingNumber(12) },
      deleted(recordingNumber(0)),
    ])

    // Who goes away in the middle gets them all again; who has them all gets what came since
    expect(told(await read(second, 4, missed[2]?.id))).toEqual(told(missed))
    const since = await read(second, 1, missed[3]?.id, () => remove(other, recordingNumber(12)))
    expect(told(since)).toEqual([deleted(recordingNumber(12))])
  })

  it('tell a new reader what has just happened, which a list that was on its way may not know', async () => {
    const feed = feedOf(one)
    await save(one, recordingNumber(10))
    expect(told(await read(feed, 1))).toEqual([{ type: 'saved', recording: recordingNumber(10) }])
  })

  it('tell what is gone by what it is now, not by what it was in between', async () => {
    const [seen] = await read(feedOf(one), 1, undefined, () => save(one, recordingNumber(10)))
    await save(one, recordingNumber(11))
    await remove(one, recordingNumber(11))
    await one.index.close()
    const missed = await read(feedOf(other), 2, seen?.id)
    expect(told(missed)).toEqual([
      { type: 'saved', recording: recordingNumber(10) },
      deleted(recordingNumber(11)),
    ])
  })

  it.each([
    ['is none of ours', 'nonsense'],
    [
      'is two hours old',
      formatFeedPosition({ epoch: '0123456789ab', sequence: 1, time: Date.now() - 7_200_000 }),
    ],
    [
      'is of a time to come',
      formatFeedPosition({ epoch: '0123456789ab', sequence: 1, time: Date.now() + 7_200_000 }),
    ],
  ])('begin anew for who comes with a position that %s', async (_what, position) => {
    expect(told(await read(feedOf(one), 1, position))).toEqual([{ type: 'resync' }])
  })

  it('do not pile up for who does not read them', async () => {
    const feed = feedOf(one)
    const ended = new AbortController()
    const reader = feed.read(undefined, ended.signal)[Symbol.asyncIterator]()
    const first = reader.next()
    await expect.poll(() => feed.readers).toBe(1)
    await save(one, recordingNumber(50))
    expect((await first).value).toMatchObject({ event: { type: 'saved' } })
    for (let number = 0; number < 1_500; number++) {
      const recording = recordingNumber(100 + number)
      one.index.put(one.keys.metadata(recording.name), `"${number}"`, recording)
    }
    expect((await reader.next()).value).toMatchObject({ event: { type: 'resync' } })
    ended.abort()
    // What came after it
    let rest = 0
    while ((await reader.next()).done !== true) rest++
    expect(rest).toBeLessThan(1_000)
    expect(feed.readers).toBe(0)
  })
})
