import { isActiveStatus, type RecordingInfo, type RecordingStatus } from '@roomreel/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Claim } from './claim.ts'
import { freed, held } from './claim-changes.ts'
import { mergeRecording } from './merge-recording.ts'
import type { StoredRecording } from './stored-recording.ts'
import { type Effect, type News, takeNews } from './take-news.ts'
import { metadataFor } from './tell-room.ts'

/** A bucket, a room and LiveKit, as far as one room session's recordings are concerned. */
interface World {
  claim: Claim | undefined
  readonly saved: Map<string, StoredRecording>
  readonly deleted: Set<string>
  told: string | undefined
  readonly stopped: Set<string>
  /** What LiveKit would say of each egress now. */
  readonly listed: Map<string, RecordingInfo>
}

const ROOM = { roomName: 'room', roomId: 'RM_1' }

function recording(id: string, status: RecordingStatus, updatedAt: number, size = 0): RecordingInfo {
  return {
    id,
    name: size > 0 ? `${id}.mp4` : '',
    ...ROOM,
    startedAt: 7,
    duration: size,
    size,
    status,
    updatedAt,
  }
}

function hear(world: World, news: News, questions = 2): void {
  const { id } = news.recording
  const decision = takeNews(
    { claim: world.claim, saved: world.saved.get(id), isDeleted: world.deleted.has(id) },
    news,
  )
  for (const effect of decision.effects) {
    if (effect.type === 'ask-livekit') {
      const listed = world.listed.get(id)
      if (listed && questions > 0) hear(world, { recording: listed, source: 'list' }, questions - 1)
      return
    }
    perform(world, effect, decision.recording ?? news.recording)
  }
}

function perform(
  world: World,
  effect: Exclude<Effect, { type: 'ask-livekit' }>,
  known: StoredRecording,
): void {
  switch (effect.type) {
    case 'save':
      world.saved.set(known.id, mergeRecording(world.saved.get(known.id), effect.recording))
      return
    case 'hold':
      world.claim = held(world.claim, effect.recording, 1) ?? world.claim
      return
    case 'free':
    case 'free-pending':
      world.claim = freed(world.claim, effect.type === 'free' ? known.id : undefined, 1) ?? world.claim
      return
    case 'tell-room':
      world.told = metadataFor(world.claim, known).recordingStatus
      return
    case 'correct-room':
      if (world.told !== 'STOPPED' && world.told !== 'FAILED' && world.told !== undefined) {
        world.told = metadataFor(world.claim, known).recordingStatus
      }
      return
    case 'stop-egress':
      world.stopped.add(known.id)
      return
    case 'check-file':
      return
  }
}

const pending: Claim = { state: 'held', ...ROOM, layout: 'grid', requestedAt: 1, expiresAt: 9 }

function newWorld(claim: Claim | undefined, listed: readonly RecordingInfo[]): World {
  return {
    claim,
    saved: new Map(),
    deleted: new Set(),
    told: undefined,
    stopped: new Set(),
    listed: new Map(listed.map((one) => [one.id, one])),
  }
}

const ends = fc.constantFrom(
  recording('EG_1', 'COMPLETE', 50, 900),
  recording('EG_1', 'LIMIT_REACHED', 50, 900),
  recording('EG_1', 'ABORTED', 50),
  recording('EG_1', 'ABORTED', 50, 300),
  recording('EG_1', 'FAILED', 50),
  recording('EG_1', 'FAILED', 50, 300),
)

/** All that is said of one egress until it ends: each may be lost, doubled, or come at any time. */
const lives = ends.chain((end) => {
  const said: News[] = [
    { recording: recording('EG_1', 'STARTING', 10), source: 'start' },
    { recording: recording('EG_1', 'STARTING', 10), source: 'message' },
    { recording: recording('EG_1', 'STARTED', 20), source: 'message' },
    { recording: recording('EG_1', 'STARTED', 20), source: 'list' },
    { recording: recording('EG_1', 'STOPPING', 40), source: 'message' },
    { recording: end, source: 'message' },
  ]
  return fc
    .tuple(fc.subarray(said), fc.array(fc.constantFrom(...said), { maxLength: 6 }))
    .chain(([some, repeats]) => {
      const all = [...some, ...repeats]
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })
    })
    .map((news) => ({ end, news }))
})

describe('takeNews', () => {
  it('ends in one truth, whatever is lost, doubled, late or out of order, once LiveKit has been asked', () => {
    fc.assert(
      fc.property(lives, fc.boolean(), ({ end, news }, isClaimed) => {
        const world = newWorld(isClaimed ? pending : undefined, [end])
        for (const one of news) hear(world, one)
        hear(world, { recording: end, source: 'list' })
        const hasAnswer = news.some(({ source }) => source === 'start')
        // A start that was never answered is freed when its claim expires
        if (!hasAnswer && world.claim?.state === 'held' && !world.claim.recording) {
          world.claim = freed(world.claim, undefined, 2)
          world.told = metadataFor(world.claim, world.saved.get('EG_1')).recordingStatus
        }
        expect(world.claim?.state).not.toBe('held')
        expect([...world.saved.values()]).toMatchObject([{ id: 'EG_1', status: end.status, size: end.size }])
        expect(world.told).not.toMatch(/START|STOPPING/)
      }),
      { numRuns: 5_000 },
    )
  })

  it('never holds a claim for a recording that has ended', () => {
    fc.assert(
      fc.property(lives, ({ end, news }) => {
        const world = newWorld(pending, [end])
        const holders = news.map((one) => {
          hear(world, one)
          return world.claim?.state === 'held' ? world.claim.recording?.id : undefined
        })
        const ending = news.findIndex(({ recording: { status } }) => !isActiveStatus(status))
        const afterwards = ending === -1 ? [] : holders.slice(ending)
        expect(afterwards).not.toContain('EG_1')
      }),
      { numRuns: 2_000 },
    )
  })

  it('brings nothing back that was deleted', () => {
    fc.assert(
      fc.property(lives, ({ end, news }) => {
        const world = newWorld({ state: 'free', ...ROOM, freedAt: 1 }, [end])
        world.deleted.add('EG_1')
        for (const one of [...news, { recording: end, source: 'list' as const }]) hear(world, one)
        expect(world.saved.size).toBe(0)
        expect(world.claim?.state).toBe('free')
        expect(world.told).toBeUndefined()
      }),
    )
  })

  it('leaves the next recording alone when late news of the one before comes', () => {
    fc.assert(
      fc.property(lives, fc.boolean(), ({ end, news }, isAnswered) => {
        const world = newWorld(pending, [end])
        hear(world, { recording: end, source: 'start' })
        expect(world.claim?.state).toBe('free')
        world.claim = pending
        const next = recording('EG_2', 'STARTED', 60)
        world.listed.set('EG_2', next)
        if (isAnswered) hear(world, { recording: next, source: 'start' })
        const before = structuredClone(world.claim)
        for (const one of news) if (one.source !== 'start') hear(world, one)
        expect(world.claim).toEqual(before)
        expect(world.stopped).not.toContain('EG_2')
      }),
    )
  })

  it('stops an egress that runs although its recording has been given up', () => {
    const world = newWorld(undefined, [])
    world.saved.set('EG_1', recording('EG_1', 'ABORTED', 90))
    hear(world, { recording: recording('EG_1', 'STARTED', 20), source: 'list' })
    expect(world.stopped).toContain('EG_1')
    expect(world.claim).toBeUndefined()
  })

  it('keeps one whose room is free already, while its file is being saved', () => {
    const saving = recording('EG_1', 'STOPPING', 40)
    const end = recording('EG_1', 'COMPLETE', 50, 900)
    const world = newWorld({ state: 'free', ...ROOM, freedAt: 1 }, [saving])
    world.saved.set('EG_1', saving)
    hear(world, { recording: saving, source: 'list' })
    expect(world.claim?.state).toBe('free')
    hear(world, { recording: end, source: 'message' })
    expect(world.saved.get('EG_1')).toMatchObject({ status: 'COMPLETE', size: 900 })
    expect(world.told).toBe('STOPPED')
  })
})
