import { TRPCClientError } from '@trpc/client'
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

let product: RunningProduct
let ownToken: string
let own: Client
const stored = tutorialMetadata('Board', 1, 'RM_another')

beforeAll(async () => {
  product = await runProduct()
  await store(s3Client(product.config), product.config, stored, Buffer.alloc(10_000))
  ownToken = (await product.client().rooms.join.mutate({ roomName: 'Own', participantName: 'Ann' })).token
  own = product.participant(ownToken)
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

/** The tRPC code that a call fails with; 'OK' when it does not. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'OK'
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error
    const data: unknown = error.data
    const code: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'code') : undefined
    return String(code)
  }
}

const calls: Record<string, (client: Client) => Promise<unknown>> = {
  'recordings.start': (client) => client.recordings.start.mutate({ roomName: 'Own' }),
  'recordings.stop': (client) => client.recordings.stop.mutate({ roomName: 'Own' }),
  'recordings.list': (client) => client.recordings.list.query({}),
  'recordings.get': (client) => client.recordings.get.query({ recordingName: stored.name }),
  'recordings.playback': (client) => client.recordings.playback.query({ recordingName: stored.name }),
  'recordings.share': (client) => client.recordings.share.mutate({ recordingName: stored.name }),
  'recordings.delete': (client) => client.recordings.delete.mutate({ recordingNames: [stored.name] }),
}

async function signed(options: {
  secret?: string
  room?: string
  roomRecord?: boolean
  attributes?: Record<string, string>
  ttl?: string
}): Promise<string> {
  const { apiKey, apiSecret } = product.config.api.livekit
  const token = new AccessToken(apiKey, options.secret ?? apiSecret, {
    identity: 'x',
    ttl: options.ttl ?? '1h',
    ...(options.attributes && { attributes: options.attributes }),
  })
  token.addGrant({ roomJoin: true, room: options.room ?? 'Own', roomRecord: options.roomRecord ?? true })
  return token.toJwt()
}

const ownAttributes = (): Record<string, string> => {
  const payload: unknown = JSON.parse(Buffer.from(ownToken.split('.')[1] ?? '', 'base64url').toString())
  const attributes: unknown =
    typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'attributes') : {}
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([key, value]) => [key, String(value)]))
}

describe.each(Object.keys(calls))('%s', (name) => {
  const call = (client: Client) => codeOf(calls[name]?.(client) ?? Promise.reject(new Error('no call')))

  it('refuses who shows nothing', async () => {
    expect(await call(product.client())).toBe('UNAUTHORIZED')
  })

  it('refuses a token that somebody else signed', async () => {
    expect(
      await call(product.participant(await signed({ secret: 'another', attributes: ownAttributes() }))),
    ).toBe('UNAUTHORIZED')
  })

  it('refuses what is no token', async () => {
    expect(await call(product.participant('x.y.z'))).toBe('UNAUTHORIZED')
  })

  it('refuses a token that has expired', async () => {
    const expired = await signed({ attributes: ownAttributes(), ttl: '-1s' })
    expect(await call(product.participant(expired))).toBe('UNAUTHORIZED')
  })

  it('refuses a token without the right to record', async () => {
    const watcher = await signed({ attributes: ownAttributes(), roomRecord: false })
    expect(await call(product.participant(watcher))).toBe('FORBIDDEN')
  })

  it('refuses a token that is bound to no session', async () => {
    expect(await call(product.participant(await signed({})))).toBe('FORBIDDEN')
  })
})

describe('a room token', () => {
  it('of another room starts and stops nothing', async () => {
    const other = await product.client().rooms.join.mutate({ roomName: 'Other', participantName: 'Bob' })
    const client = product.participant(other.token)
    expect(await codeOf(client.recordings.start.mutate({ roomName: 'Own' }))).toBe('FORBIDDEN')
    expect(await codeOf(client.recordings.stop.mutate({ roomName: 'Own' }))).toBe('FORBIDDEN')
  })

  it("sees nothing of another session's recordings", async () => {
    expect((await own.recordings.list.query({})).items).toEqual([])
    expect((await own.recordings.list.query({ roomId: stored.roomId })).items).toEqual([])
    expect(await codeOf(own.recordings.get.query({ recordingName: stored.name }))).toBe('NOT_FOUND')
    expect(await codeOf(own.recordings.playback.query({ recordingName: stored.name }))).toBe('NOT_FOUND')
    expect(await codeOf(own.recordings.share.mutate({ recordingName: stored.name }))).toBe('NOT_FOUND')
    const { deleted, failed } = await own.recordings.delete.mutate({ recordingNames: [stored.name] })
    expect({ deleted, codes: failed.map(({ code }) => code) }).toEqual({ deleted: [], codes: ['NOT_FOUND'] })
  })

  it('of an earlier session of the same room is of no use in the next one', async () => {
    const first = await product.client().rooms.join.mutate({ roomName: 'Daily', participantName: 'Ann' })
    const { url, apiKey, apiSecret } = product.config.api.livekit
    await new RoomServiceClient(url, apiKey, apiSecret).deleteRoom('Daily')
    const second = await product.client().rooms.join.mutate({ roomName: 'Daily', participantName: 'Ann' })
    expect(second.roomId).not.toBe(first.roomId)
    const client = product.participant(first.token)
    expect(await codeOf(client.recordings.start.mutate({ roomName: 'Daily' }))).toBe('FORBIDDEN')
    expect(await codeOf(client.recordings.stop.mutate({ roomName: 'Daily' }))).toBe('FORBIDDEN')
  })

  it('stops nothing where nothing runs', async () => {
    expect(await codeOf(own.recordings.stop.mutate({ roomName: 'Own' }))).toBe('CONFLICT')
  })
})

describe('the admin', () => {
  it('sees all recordings, and starts none without being in the room', async () => {
    const admin = await product.admin()
    await expect
      .poll(async () => (await admin.recordings.list.query({})).items, { timeout: 60_000 })
      .toEqual([{ ...stored, status: 'COMPLETE' }])
    expect(await codeOf(admin.recordings.start.mutate({ roomName: 'Own' }))).toBe('UNAUTHORIZED')
    expect(await admin.session.me.query()).toEqual({ role: 'admin' })
    expect(await product.client().session.me.query()).toEqual({ role: 'anonymous' })
  })

  it('has a cookie that scripts do not see and other sites do not send', async () => {
    const answer = await fetch(`${product.url}/trpc/session.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password: 'correct-horse-battery' }),
    })
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).toMatch(/Max-Age=43200/)
  })

  it('changes nothing for another site, whatever cookies a browser sends along', async () => {
    const call = (headers: Record<string, string>) =>
      fetch(`${product.url}/trpc/session.login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ password: 'correct-horse-battery' }),
      })
    expect((await call({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await call({ origin: product.url, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await call({ origin: product.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await call({ origin: product.url })).status).toBe(200)
    expect((await call({})).status).toBe(200)
  })

  it('is not let in with a forged cookie', async () => {
    const forged = product.client({ cookie: 'roomreel_session=eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.' })
    expect(await codeOf(forged.recordings.list.query({}))).toBe('UNAUTHORIZED')
    expect(await forged.session.me.query()).toEqual({ role: 'anonymous' })
  })
})

describe('errors', () => {
  it('say what is wrong in words, and nothing else', async () => {
    const answer = await fetch(`${product.url}/trpc/rooms.join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ roomName: 'a/b', participantName: 'Ann' }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      error: {
        code: -32600,
        message: "roomName: The room name can't have slashes.",
        data: { code: 'BAD_REQUEST', httpStatus: 400, path: 'rooms.join' },
      },
    })
  })
})
