import type { S3Client } from '@aws-sdk/client-s3'
import { RoomServiceClient } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { claimsOf, derivedKey, jwt, tampered } from './jwt.ts'
import { PROCEDURES } from './procedures.ts'
import { ADMIN_PASSWORD, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

const SESSION_SECRET = 'a session secret that this test knows'
const WAIT = { timeout: 60_000 }
const ROOM = 'Board'
/** In this order, so that nobody but a member starts and ends what there is only one of. */
const PRINCIPALS = ['anonymous', 'visitor', 'yesterday', 'elsewhere', 'admin', 'member'] as const
/**
 * - visitor: has entered a share link of the recording
 * - yesterday: was in the last session of the same room
 * - elsewhere: is in another room
 * - member: is in the session that was recorded
 */
type PrincipalName = (typeof PRINCIPALS)[number]

interface Row {
  readonly input: (who: PrincipalName) => unknown
  /** What comes of it: OK, or the code that it is refused with. */
  readonly expected: Readonly<Record<PrincipalName, string>>
  /** What an answer comes to, where OK is not all that can be said. */
  readonly outcome?: (output: unknown) => string
}

const everybody = (outcome: string): Row['expected'] => ({
  anonymous: outcome,
  visitor: outcome,
  yesterday: outcome,
  elsewhere: outcome,
  admin: outcome,
  member: outcome,
})
const STRANGERS = { anonymous: 'UNAUTHORIZED', visitor: 'UNAUTHORIZED' } as const
/** Of one recording: whoever may not see it learns not even that it is there. */
const ITS_OWN = {
  ...STRANGERS,
  yesterday: 'NOT_FOUND',
  elsewhere: 'NOT_FOUND',
  admin: 'OK',
  member: 'OK',
} as const
const IN_THE_ROOM = {
  ...STRANGERS,
  yesterday: 'FORBIDDEN',
  elsewhere: 'FORBIDDEN',
  admin: 'UNAUTHORIZED',
  member: 'OK',
} as const

let product: RunningProduct
let s3: S3Client
let headers: Record<PrincipalName, Record<string, string>>
let roomId: string
let recordingName: string
let shareToken: string
let shareId: string
let revocableId: string

const ItemsSchema = z.object({ items: z.array(z.object({ name: z.string() })) })
const DeletedSchema = z.object({ failed: z.array(z.object({ code: z.string() })) })

const ROWS: Readonly<Record<string, Row>> = {
  'rooms.join': { input: () => ({ roomName: ROOM, participantName: 'X' }), expected: everybody('OK') },
  'rooms.preview': { input: () => ({ roomName: ROOM }), expected: everybody('OK') },
  'recordings.start': { input: () => ({ roomName: ROOM }), expected: IN_THE_ROOM },
  'recordings.stop': { input: () => ({ roomName: ROOM }), expected: IN_THE_ROOM },
  'recordings.list': {
    input: () => ({ limit: 100 }),
    expected: { ...ITS_OWN, yesterday: 'nothing', elsewhere: 'nothing' },
    outcome: (output) =>
      ItemsSchema.parse(output).items.some(({ name }) => name === recordingName) ? 'OK' : 'nothing',
  },
  'recordings.get': { input: () => ({ recordingName }), expected: ITS_OWN },
  'recordings.playback': { input: () => ({ recordingName }), expected: ITS_OWN },
  'recordings.thumbnails': {
    input: () => ({ recordingNames: [recordingName] }),
    // Those of recordings that one does not see are left out, as those that there are not
    expected: { ...ITS_OWN, yesterday: 'OK', elsewhere: 'OK' },
  },
  'recordings.delete': {
    input: (who) => ({ recordingNames: [`${ROOM}-${roomId}-${deletable(who)}.mp4`] }),
    expected: ITS_OWN,
    outcome: (output) => DeletedSchema.parse(output).failed[0]?.code ?? 'OK',
  },
  'recordings.share': { input: () => ({ recordingName }), expected: ITS_OWN },
  'recordings.audit': {
    input: () => ({ recordingName }),
    expected: { ...everybody('UNAUTHORIZED'), admin: 'OK' },
  },
  'recordings.events': {
    input: () => ({}),
    // To hear of nothing is no refusal
    expected: { ...ITS_OWN, yesterday: 'OK', elsewhere: 'OK' },
  },
  'share.list': { input: () => ({ recordingName }), expected: ITS_OWN },
  'share.revoke': { input: () => ({ recordingName, linkId: revocableId }), expected: ITS_OWN },
  'share.enter': { input: () => ({ shareToken }), expected: everybody('OK') },
  'share.open': {
    input: () => ({ shareToken: shareId }),
    expected: { ...everybody('UNAUTHORIZED'), visitor: 'OK' },
  },
  'session.login': { input: () => ({ password: ADMIN_PASSWORD }), expected: everybody('OK') },
  'session.logout': { input: () => undefined, expected: everybody('OK') },
  'session.me': {
    input: () => undefined,
    expected: { ...everybody('anonymous'), admin: 'admin' },
    outcome: (output) => z.object({ role: z.string() }).parse(output).role,
  },
}

const deletable = (who: PrincipalName) => 100 + PRINCIPALS.indexOf(who)

beforeAll(async () => {
  product = await runProduct({ SESSION_SECRET })
  s3 = s3Client(product.config)
  const join = async (roomName: string) =>
    product.client().rooms.join.mutate({ roomName, participantName: 'Ann' })
  const yesterday = await join(ROOM)
  const { url, apiKey, apiSecret } = product.config.api.livekit
  await new RoomServiceClient(url, apiKey, apiSecret).deleteRoom(ROOM)
  const member = await join(ROOM)
  const elsewhere = await join('Elsewhere')
  roomId = member.roomId
  for (const number of [1, ...PRINCIPALS.map(deletable)]) {
    await store(s3, product.config, tutorialMetadata(ROOM, number, roomId), Buffer.alloc(100))
  }
  recordingName = tutorialMetadata(ROOM, 1, roomId).name

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const link = await product.participant(member.token).recordings.share.mutate({ recordingName })
  shareToken = new URL(link.url).hash.slice(1)
  shareId = link.linkId
  revocableId = (await product.participant(member.token).recordings.share.mutate({ recordingName })).linkId
  const entered = await post('share.enter', { shareToken }, {})
  // What was put into the bucket past the app is found by the next look at it
  await vi.waitFor(async () => {
    const { items } = await product.participant(member.token).recordings.list.query({})
    if (items.length <= PRINCIPALS.length) throw new Error('some are not found yet')
  }, WAIT)
  const loggedIn = await post('session.login', { password: ADMIN_PASSWORD }, {})
  headers = {
    anonymous: {},
    visitor: { cookie: cookieOf(entered) },
    yesterday: bearer(yesterday.token),
    elsewhere: bearer(elsewhere.token),
    admin: { cookie: cookieOf(loggedIn) },
    member: bearer(member.token),
  }
})
afterAll(async () => {
  s3.destroy()
  await product[Symbol.asyncDispose]()
})

const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''

async function post(path: string, input: unknown, sent: Record<string, string>): Promise<Response> {
  return fetch(`${product.url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sent },
    ...(input !== undefined && { body: JSON.stringify(input) }),
  })
}

const ErrorSchema = z.object({ data: z.object({ code: z.string() }) })
const AnswerSchema = z.union([
  z.object({ result: z.object({ data: z.unknown() }) }),
  z.object({ error: ErrorSchema }),
])

/** What comes of a call: the code of its refusal, or what the row makes of its answer. */
async function outcomeOf(
  { path, type }: (typeof PROCEDURES)[number],
  who: PrincipalName,
  sent: Record<string, string>,
): Promise<string> {
  const row = ROWS[path]
  if (!row) throw new Error(`no row for ${path}`)
  const input = row.input(who)
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  const answer =
    type === 'mutation'
      ? await post(path, input, sent)
      : await fetch(`${product.url}/trpc/${path}${query}`, { headers: sent })
  if (type === 'subscription') return outcomeOfEvents(answer)
  const body = AnswerSchema.parse(await answer.json())
  if ('error' in body) return body.error.data.code
  return row.outcome?.(body.result.data) ?? 'OK'
}

/** A stream of events (SSE) says what is wrong in the first of them; one that goes on is alive. */
async function outcomeOfEvents(answer: Response): Promise<string> {
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString()
    const error = /event: serialized-error\ndata: (.+)\n/.exec(text)?.[1]
    if (error !== undefined) return ErrorSchema.parse(JSON.parse(error)).data.code
    if (text.includes('event: ping')) return 'OK'
  }
  throw new Error(`it ended without a word: ${text}`)
}

it.each(PROCEDURES)('$path is for whom it is meant for', async (procedure) => {
  const outcomeFor = async (who: PrincipalName) =>
    [who, await outcomeOf(procedure, who, headers[who])] as const
  const outcomes: (readonly [PrincipalName, string])[] = []
  if (procedure.type === 'subscription') {
    // They change nothing, and take a while to show that they go on
    outcomes.push(...(await Promise.all(PRINCIPALS.map(outcomeFor))))
  } else {
    for (const who of PRINCIPALS) outcomes.push(await outcomeFor(who))
  }
  expect(Object.fromEntries(outcomes)).toEqual(ROWS[procedure.path]?.expected)
})

it('has a row for every procedure, and for nothing else', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(PROCEDURES.map(({ path }) => path).toSorted())
})

const HOUR_AGO = Math.floor(Date.now() / 1000) - 3_600
const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3_600
const session = (claims: Record<string, unknown>, key: Uint8Array | undefined) =>
  `roomreel_session=${jwt(claims, key)}`
const sessionKey = derivedKey(SESSION_SECRET, 'session')
const memberToken = () => (headers.member['authorization'] ?? '').replace('Bearer ', '')
const livekitSecret = () => product.config.api.livekit.apiSecret
const asBearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Credentials that are not good: with each of them, one is nobody. */
const BAD: Readonly<Record<string, () => Record<string, string>>> = {
  'a room token that has expired': () =>
    asBearer(jwt({ ...claimsOf(memberToken()), nbf: HOUR_AGO - 60, exp: HOUR_AGO }, livekitSecret())),
  'a room token of tomorrow': () =>
    asBearer(jwt({ ...claimsOf(memberToken()), nbf: IN_AN_HOUR, exp: IN_AN_HOUR + 60 }, livekitSecret())),
  'a room token that somebody else has signed': () =>
    asBearer(jwt(claimsOf(memberToken()), 'another-secret')),
  'a room token that names another signer': () =>
    asBearer(jwt({ ...claimsOf(memberToken()), iss: 'another-key' }, livekitSecret())),
  'a room token whose claims were changed': () => asBearer(tampered(memberToken(), { sub: 'somebody' })),
  'a room token that nobody has signed': () => asBearer(jwt(claimsOf(memberToken()), undefined)),
  'an admin session as a room token': () => asBearer(jwt({ role: 'admin', exp: IN_AN_HOUR }, sessionKey)),
  'a session that has expired': () => ({ cookie: session({ role: 'admin', exp: HOUR_AGO }, sessionKey) }),
  'a session without an end': () => ({ cookie: session({ role: 'admin' }, sessionKey) }),
  'a session of another secret': () => ({
    cookie: session({ role: 'admin', exp: IN_AN_HOUR }, derivedKey('another secret', 'session')),
  }),
  'a session that nobody has signed': () => ({
    cookie: session({ role: 'admin', exp: IN_AN_HOUR }, undefined),
  }),
  'a session whose claims were changed': () => ({
    cookie: tampered(headers.admin['cookie'] ?? '', { exp: IN_AN_HOUR + 1 }),
  }),
  'a session signed for another purpose': () => ({
    cookie: session({ role: 'admin', exp: IN_AN_HOUR }, derivedKey(SESSION_SECRET, 'media')),
  }),
  'a room token as a session': () => ({ cookie: `roomreel_session=${memberToken()}` }),
  'a visit that has expired': () => ({
    cookie: `roomreel_share_${shareId}=${jwt({ link: shareId, exp: HOUR_AGO }, derivedKey(SESSION_SECRET, 'share'))}`,
  }),
  'a visit of another link': () => ({
    cookie: `roomreel_share_${shareId}=${jwt({ link: 'another', exp: IN_AN_HOUR }, derivedKey(SESSION_SECRET, 'share'))}`,
  }),
  'a visit as a session': () => ({
    cookie: `roomreel_session=${(headers.visitor['cookie'] ?? '').split('=')[1] ?? ''}`,
  }),
}

describe.each(Object.keys(BAD))('with %s', (name) => {
  it('one is nobody, whatever is asked for', async () => {
    const sent = BAD[name]?.() ?? {}
    const outcomes: [string, string][] = []
    for (const procedure of PROCEDURES) {
      outcomes.push([procedure.path, await outcomeOf(procedure, 'anonymous', sent)])
    }
    expect(Object.fromEntries(outcomes)).toEqual(
      Object.fromEntries(Object.entries(ROWS).map(([path, { expected }]) => [path, expected.anonymous])),
    )
  })
})

describe('what these credentials are made of', () => {
  it('is right: signed as it should be, they open what they open', async () => {
    const me = { path: 'session.me', type: 'query' } as const
    const good = session({ role: 'admin', exp: IN_AN_HOUR }, sessionKey)
    expect(await outcomeOf(me, 'admin', { cookie: good })).toBe('admin')
    const list = { path: 'recordings.list', type: 'query' } as const
    expect(await outcomeOf(list, 'member', asBearer(jwt(claimsOf(memberToken()), livekitSecret())))).toBe(
      'OK',
    )
  })
})

describe('media', () => {
  const mediaKey = derivedKey(SESSION_SECRET, 'media')
  const statusWith = async (ticket: string, suffix = '') => {
    const url = `${product.url}/media/${encodeURIComponent(recordingName)}${suffix}?ticket=${ticket}`
    const answer = await fetch(url)
    await answer.body?.cancel()
    return answer.status
  }
  const ticket = (changes: Record<string, unknown> = {}, key: Uint8Array | undefined = mediaKey) =>
    jwt({ rec: recordingName, use: 'video', exp: IN_AN_HOUR, ...changes }, key)

  it.each<[string, () => string, number]>([
    ['its ticket', () => ticket(), 200],
    ['one that has expired', () => ticket({ exp: HOUR_AGO }), 401],
    ['one of another recording', () => ticket({ rec: 'another.mp4' }), 401],
    ['one of another use', () => ticket({ use: 'thumbnail' }), 403],
    ['one of a use that there is not', () => ticket({ use: 'anything' }), 401],
    ['one of another secret', () => ticket({}, derivedKey('another secret', 'media')), 401],
    [
      'one that nobody has signed',
      () => jwt({ rec: recordingName, use: 'video', exp: IN_AN_HOUR }, undefined),
      401,
    ],
    [
      'one whose claims were changed',
      () => tampered(ticket({ rec: 'another.mp4' }), { rec: recordingName }),
      401,
    ],
    ['a room token', memberToken, 401],
    ['an admin session', () => (headers.admin['cookie'] ?? '').split('=')[1] ?? '', 401],
    ['a visit', () => (headers.visitor['cookie'] ?? '').split('=')[1] ?? '', 401],
  ])('is opened by %s or not', async (_what, made, status) => {
    expect(await statusWith(made())).toBe(status)
  })

  it('is saved and seen small with a ticket for that alone', async () => {
    expect(await statusWith(`${ticket()}&download=1`)).toBe(403)
    expect(await statusWith(`${ticket({ use: 'download' })}&download=1`)).toBe(200)
    expect(await statusWith(ticket(), '/thumbnail')).toBe(403)
  })
})
