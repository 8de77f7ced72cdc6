import type { RecordingEvent } from '@roomreel/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatChangeId } from '../../src/library/changes/change-id.ts'
import { type Library, recordingNumber, recordingNumbers, type Replica, startLibrary } from './a-library.ts'

const names = ({ index }: Replica) => index.all().map(({ name }) => name)

function eventsOf({ index }: Replica): RecordingEvent[] {
  const events: RecordingEvent[] = []
  index.subscribe((event) => {
    events.push(event)
  })
  return events
}

/** As the app saves a recording. */
async function save({ store, index }: Replica, number: number): Promise<void> {
  const saved = await store.save(recordingNumber(number))
  index.put(saved.key, saved.etag, saved.recording)
}

/** As the app deletes one. */
async function remove({ objects, index, keys }: Replica, number: number): Promise<void> {
  const key = keys.metadata(recordingNumber(number).name)
  await objects.delete(key)
  index.remove(key)
}

describe('replicas', () => {
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

  it('know their own writes at once, and each others’ from the log alone', async () => {
    const events = eventsOf(other)
    await save(one, 10)
    expect(names(one)).toHaveLength(4)
    await one.index.close()
    other.calls('list')
    other.calls('get')
    await other.index.ensureFresh(0)
    expect(names(other)).toEqual(names(one))
    expect(events).toEqual([{ type: 'saved', recording: recordingNumber(10) }])
    // Of the log, and none of the library: its keys (once more to sweep it), and the one entry that is new
    expect(other.calls('list')).toBeLessThanOrEqual(2)
    expect(other.calls('get')).toBe(1)
    await other.index.ensureFresh(0)
    expect(other.calls('get')).toBe(0)
  })

  it('read for themselves what the log tells of another version than they know', async () => {
    const { name } = recordingNumber(1)
    await library.write([recordingNumber(1, { duration: 50 })])
    await other.index.scan()
    expect(other.index.get(name)?.duration).toBe(50)
    const updated = await one.store.update(name, (saved) => ({ ...saved, duration: 60 }))
    if (!updated) throw new Error('not there')
    one.index.put(updated.key, updated.etag, updated.recording)
    // By now it is yet otherwise
    await library.write([recordingNumber(1, { duration: 70 })])
    await one.index.close()
    await other.index.ensureFresh(0)
    expect(other.index.get(name)?.duration).toBe(70)
  })

  it('find by a scan what no log tells, and tell it on', async () => {
    await library.write([recordingNumber(20)])
    await library.erase(recordingNumber(0).name)
    await one.index.scan()
    const found = names(one)
    expect(found).toEqual([20, 2, 1].map((number) => recordingNumber(number).name))
    await one.index.close()
    other.calls('list')
    await other.index.ensureFresh(0)
    expect(names(other)).toEqual(found)
    expect(other.calls('list')).toBeLessThanOrEqual(2)
  })

  it('begin with what is there, whatever the log told before', async () => {
    await save(one, 10)
    await one.index.close()
    await library.erase(recordingNumber(10).name)
    const late = library.replica()
    await late.index.ensureFresh(0)
    await late.index.ensureFresh(0)
    expect(names(late)).toEqual([2, 1, 0].map((number) => recordingNumber(number).name))
  })

  it('hear of what was removed by one that did not know of it', async () => {
    await library.write([recordingNumber(20)])
    await other.index.scan()
    await remove(one, 20)
    await one.index.close()
    await other.index.ensureFresh(0)
    expect(names(other)).not.toContain(recordingNumber(20).name)
  })

  it('scan when the log can’t be read, or says that something is missing', async () => {
    const { objects, keys } = one
    for (const [sequence, entry] of [{ changes: 'nonsense' }, { changes: [{ type: 'lost' }] }].entries()) {
      await library.write([recordingNumber(30 + sequence)])
      await objects.putJson(
        keys.change(formatChangeId({ time: Date.now(), writer: 'stranger', sequence })),
        entry,
      )
      await other.index.ensureFresh(0)
      await expect.poll(() => names(other)).toContain(recordingNumber(30 + sequence).name)
    }
  })

  it('keep the log for an hour', async () => {
    const hours = 3_600_000
    let now = Date.now() - 3 * hours
    const old = library.replica(() => now)
    await save(old, 40)
    await old.index.close()
    now = Date.now()
    const late = library.replica(() => now)
    await late.index.ensureFresh(0)
    await late.index.ensureFresh(0)
    await expect
      .poll(async () => {
        const keys: string[] = []
        for await (const { key } of late.objects.list(late.keys.changePrefix)) keys.push(key)
        return keys
      })
      .toEqual([])
  })

  it('agree with S3 whoever did what at the same time', async () => {
    const replicas = [one, other, library.replica()]
    const turn = async (replica: Replica, seed: number): Promise<void> => {
      for (let step = 0; step < 25; step++) {
        const chance = (seed * 7_919 + step * 104_729) % 100
        const number = (seed * 31 + step * 17) % 12
        if (chance < 35) await save(replica, number)
        else if (chance < 60) await remove(replica, number)
        else if (chance < 70) await library.write([recordingNumber(number, { duration: step })])
        else if (chance < 75) await library.erase(recordingNumber(number).name)
        else if (chance < 85) await replica.index.scan()
        else await replica.index.ensureFresh(0)
      }
    }
    const pages = replicas.map((replica) => {
      const page = new Map<string, unknown>()
      replica.index.subscribe((event) => {
        if (event.type === 'deleted') page.delete(event.recordingName)
        else if (event.type !== 'resync') page.set(event.recording.name, event.recording)
      })
      return page
    })
    await replicas[2]?.index.ensureFresh(0)
    for (const [place, replica] of replicas.entries()) {
      for (const recording of replica.index.all()) pages[place]?.set(recording.name, recording)
    }
    await Promise.all(replicas.flatMap((replica, place) => [turn(replica, place), turn(replica, place + 3)]))
    const truth = library.replica()
    await truth.index.ensureFresh(0)
    for (const [place, replica] of replicas.entries()) {
      await replica.index.scan()
      expect(replica.index.all()).toEqual(truth.index.all())
      expect([...(pages[place]?.keys() ?? [])].toSorted()).toEqual(names(truth).toSorted())
      for (const recording of truth.index.all()) expect(pages[place]?.get(recording.name)).toEqual(recording)
    }
  })
})

describe('a claim', () => {
  it('that becomes a file is told by what it is now, and never as deleted', async () => {
    await using library = await startLibrary()
    const one = library.replica()
    const other = library.replica()
    await one.index.ensureFresh(0)
    await other.index.ensureFresh(0)
    const events = [eventsOf(one), eventsOf(other)]
    const recording = recordingNumber(1)
    const { roomName, roomId } = recording
    const running = { ...recording, status: 'STARTED' as const, name: '', size: 0, duration: 0 }
    const claim = {
      state: 'held' as const,
      roomName,
      roomId,
      layout: 'grid' as const,
      requestedAt: 0,
      expiresAt: 0,
      recording: running,
    }
    const key = one.keys.claim(roomId)
    const etag = (await one.store.putClaim(claim, undefined)) ?? ''
    one.index.put(key, etag, running, claim)
    await one.index.close()
    await other.index.ensureClaimsFresh(0)
    expect(other.index.heldClaims()).toEqual([claim])

    const saved = await one.store.save(recording)
    one.index.put(saved.key, saved.etag, saved.recording)
    const free = { state: 'free' as const, roomName, roomId, freedAt: 0 }
    const freed = (await one.store.putClaim(free, { claim, etag })) ?? ''
    one.index.put(key, freed, undefined)
    // The other one sees that the claim is free before it knows of the file
    await other.index.ensureClaimsFresh(0)
    await expect.poll(() => other.index.get(recording.name)).toEqual(recording)
    const told = [
      { type: 'status', recording: running },
      { type: 'saved', recording },
    ]
    expect(events).toEqual([told, told])
    expect(one.index.all()).toEqual([recording])
    expect(other.index.all()).toEqual([recording])
    expect(other.index.heldClaims()).toEqual([])
  })
})
