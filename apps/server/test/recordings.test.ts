import type { RecordingInfo } from '@roomreel/contracts'
import { TRPCClientError } from '@trpc/client'
import { RoomServiceClient } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'

let product: RunningProduct
let rooms: RoomServiceClient

beforeAll(async () => {
  product = await runProduct()
  const { url, apiKey, apiSecret } = product.config.api.livekit
  rooms = new RoomServiceClient(url, apiKey, apiSecret)
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

const WAIT = { timeout: 120_000 }

async function joinRoom(roomName: string): Promise<Client> {
  const { token } = await product.client().rooms.join.mutate({ roomName, participantName: 'Ann' })
  return product.participant(token)
}

/** What the room's metadata says, as everybody in it sees it. */
async function metadataOf(roomName: string): Promise<Record<string, unknown>> {
  const [room] = await rooms.listRooms([roomName])
  const metadata: unknown = JSON.parse(room?.metadata ?? '{}')
  return typeof metadata === 'object' && metadata !== null ? { ...metadata } : {}
}

const statusOf = async (roomName: string) => (await metadataOf(roomName))['recordingStatus']

async function finished(client: Client, id: string): Promise<RecordingInfo> {
  let found: RecordingInfo | undefined
  await expect
    .poll(async () => {
      found = (await client.recordings.list.query({})).items.find((item) => item.id === id)
      return found?.status
    }, WAIT)
    .toMatch(/COMPLETE|FAILED|ABORTED/)
  if (!found) throw new Error('no recording')
  return found
}

describe('a recording', () => {
  it('goes from the start to the library, tells the room, and leaves it ready for the next', async () => {
    const client = await joinRoom('Whole path')
    await rooms.updateRoomMetadata(
      'Whole path',
      JSON.stringify({ ...(await metadataOf('Whole path')), theme: 'dark' }),
    )

    const started = await client.recordings.start.mutate({ roomName: 'Whole path', layout: 'speaker' })
    expect(started).toMatchObject({ status: 'STARTING', roomName: 'Whole path', layout: 'speaker' })
    await expect.poll(() => statusOf('Whole path'), WAIT).toBe('STARTED')
    expect((await client.recordings.list.query({})).items).toMatchObject([
      { id: started.id, status: 'STARTED' },
    ])

    const stopped = await client.recordings.stop.mutate({ roomName: 'Whole path' })
    expect(stopped).toMatchObject({ id: started.id, status: 'STOPPING' })
    await expect.poll(() => statusOf('Whole path'), WAIT).toBe('STOPPED')
    // Whoever hears that it has stopped finds it finished, and can start the next one
    const [recording] = (await client.recordings.list.query({})).items
    expect(recording).toMatchObject({ id: started.id, status: 'COMPLETE', roomName: 'Whole path' })
    expect(recording?.name).toMatch(/^Whole path-RM_\w+-\d{4}-\d{2}-\d{2}T\d{6}\.mp4$/)
    expect(await metadataOf('Whole path')).toMatchObject({
      theme: 'dark',
      createdBy: product.config.api.appName,
    })

    const recordingName = recording?.name ?? ''
    const { thumbnails } = await client.recordings.thumbnails.query({ recordingNames: [recordingName] })
    const picture = await fetch(thumbnails[0]?.url ?? '')
    expect(picture.headers.get('content-type')).toBe('image/jpeg')

    const next = await client.recordings.start.mutate({ roomName: 'Whole path' })
    expect(next.id).not.toBe(started.id)
    await client.recordings.stop.mutate({ roomName: 'Whole path' })
    await finished(client, next.id)
  })

  it('is started once, however many ask at once', async () => {
    const client = await joinRoom('Crowd')
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, () => client.recordings.start.mutate({ roomName: 'Crowd' })),
    )
    const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const codes = results.flatMap((result): unknown[] => {
      if (result.status === 'fulfilled') return []
      const error: unknown = result.reason
      const data: unknown = error instanceof TRPCClientError ? error.data : undefined
      return [typeof data === 'object' && data !== null ? Reflect.get(data, 'code') : error]
    })
    expect(started).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['CONFLICT']))
    await client.recordings.stop.mutate({ roomName: 'Crowd' })
    await finished(client, started[0]?.id ?? '')
    expect((await client.recordings.list.query({})).items).toHaveLength(1)
  })

  it('can be stopped while it is still starting', async () => {
    const client = await joinRoom('Hasty')
    const { id } = await client.recordings.start.mutate({ roomName: 'Hasty' })
    await client.recordings.stop.mutate({ roomName: 'Hasty' })
    await finished(client, id)
    await expect.poll(() => statusOf('Hasty'), WAIT).toBe('STOPPED')
    await client.recordings.start.mutate({ roomName: 'Hasty' })
    await client.recordings.stop.mutate({ roomName: 'Hasty' })
  })

  it('is kept when its room is deleted while it runs', async () => {
    const client = await joinRoom('Gone')
    const { id } = await client.recordings.start.mutate({ roomName: 'Gone' })
    await expect.poll(() => statusOf('Gone'), WAIT).toBe('STARTED')
    await rooms.deleteRoom('Gone')
    const recording = await finished(client, id)
    expect(recording.size).toBeGreaterThan(0)
    const { url } = await client.recordings.playback.query({ recordingName: recording.name })
    expect((await fetch(url, { headers: { range: 'bytes=0-99' } })).status).toBe(206)
  })

  it('is not deleted while it runs', async () => {
    const client = await joinRoom('Busy')
    const { id } = await client.recordings.start.mutate({ roomName: 'Busy' })
    await expect.poll(() => statusOf('Busy'), WAIT).toBe('STARTED')
    const [running] = (await client.recordings.list.query({})).items
    const { failed } = await client.recordings.delete.mutate({ recordingNames: [running?.name ?? ''] })
    expect(failed).toMatchObject([{ code: 'CONFLICT' }])
    await client.recordings.stop.mutate({ roomName: 'Busy' })
    await finished(client, id)
  })
})

describe('recordings.events', () => {
  it('tells what happens, as it happens, to those whom it concerns', async () => {
    const { token } = await product.client().rooms.join.mutate({ roomName: 'Live', participantName: 'Ann' })
    const client = product.participant(token)
    const outsider = await product
      .client()
      .rooms.join.mutate({ roomName: 'Elsewhere', participantName: 'Bob' })
    await using own = await listen(token)
    await using foreign = await listen(outsider.token)

    const { id } = await client.recordings.start.mutate({ roomName: 'Live' })
    await expect.poll(() => own.types(), WAIT).toContain('status STARTED')
    await client.recordings.stop.mutate({ roomName: 'Live' })
    await expect.poll(() => own.types(), WAIT).toContain('saved COMPLETE')
    const { name } = await finished(client, id)
    await client.recordings.delete.mutate({ recordingNames: [name] })
    await expect.poll(() => own.types(), WAIT).toContain(`deleted ${name}`)
    expect(foreign.types()).toEqual([])
  })

  it('tells who was away what they missed, or to fetch anew where that is not known', async () => {
    const { token } = await product.client().rooms.join.mutate({ roomName: 'Away', participantName: 'Ann' })
    const client = product.participant(token)
    const first = await listen(token)
    await client.recordings.start.mutate({ roomName: 'Away' })
    await expect.poll(() => first.types(), WAIT).toContain('status STARTED')
    await first[Symbol.asyncDispose]()
    await client.recordings.stop.mutate({ roomName: 'Away' })
    await expect
      .poll(async () => (await client.recordings.list.query({})).items[0]?.status, WAIT)
      .toBe('COMPLETE')

    await using back = await listen(token, first.lastId())
    await expect.poll(() => back.types(), WAIT).toContain('saved COMPLETE')
    expect(back.types()).not.toContain('status STARTED')
    await using ofAnotherReplica = await listen(token, 'another-7')
    await expect.poll(() => ofAnotherReplica.types()[0], WAIT).toBe('resync')
  })
})

interface Listener extends AsyncDisposable {
  /** What has been told so far, e.g. `status STARTED`. */
  types(): string[]
  /** What an EventSource sends when it comes back. */
  lastId(): string | undefined
}

/** Reads the subscription as an EventSource does. */
async function listen(token: string, lastEventId?: string): Promise<Listener> {
  const ended = new AbortController()
  const query = new URLSearchParams({
    input: JSON.stringify({ lastEventId }),
    connectionParams: JSON.stringify({ token }),
  })
  const answer = await fetch(`${product.url}/trpc/recordings.events?${query.toString()}`, {
    signal: ended.signal,
  })
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const told: string[] = []
  let lastId: string | undefined
  const reading = (async () => {
    let text = ''
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString()
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages) {
        if (/^event: (connected|ping)/m.test(message)) continue
        const data = /^data: (.*)$/m.exec(message)?.[1]
        if (data) told.push(describeEvent(JSON.parse(data)))
        lastId = /^id: (.*)$/m.exec(message)?.[1] ?? lastId
      }
    }
  })().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error
  })
  return {
    types: () => [...told],
    lastId: () => lastId,
    async [Symbol.asyncDispose]() {
      ended.abort()
      await reading
    },
  }
}

function describeEvent(event: unknown): string {
  const get = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  const what: unknown = get(get(event, 'recording'), 'status') ?? get(event, 'recordingName')
  return [get(event, 'type'), what].filter((word) => typeof word === 'string').join(' ')
}
