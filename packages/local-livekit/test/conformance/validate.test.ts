import type { PartialMessage } from '@bufbuild/protobuf'
import { JoinRequest, WrappedJoinRequest } from '@livekit/protocol'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodeJoinRequest } from '../support/raw-client.ts'
import { API_KEY, API_SECRET, startServer, type TestServer } from '../support/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

interface Token {
  video?: Record<string, unknown>
  issuer?: string
  identity?: string
  /** Seconds from now. */
  notBefore?: number
  expires?: number
  algorithm?: string
}

async function jwt({ video, issuer = API_KEY, identity = 'alice', ...rest }: Token): Promise<string> {
  const { notBefore = 0, expires = 600, algorithm = 'HS256' } = rest
  const now = Math.floor(Date.now() / 1000)
  const token = new SignJWT({ ...(video && { video }) })
    .setProtectedHeader({ alg: algorithm })
    .setSubject(identity)
    .setNotBefore(now + notBefore)
    .setExpirationTime(now + expires)
  if (issuer !== '') token.setIssuer(issuer)
  return token.sign(new TextEncoder().encode(API_SECRET))
}

const video = { roomJoin: true, room: 'validated' }

it.each<{ what: string; token: Token; status: number; text: string }>([
  { what: 'a good token', token: { video }, status: 200, text: 'success' },
  { what: 'expired half a minute ago', token: { video, expires: -30 }, status: 200, text: 'success' },
  {
    what: 'expired two minutes ago',
    token: { video, notBefore: -900, expires: -120 },
    status: 401,
    text: 'invalid token: <token>, error: token has invalid claims: token is expired',
  },
  {
    what: 'valid in two minutes',
    token: { video, notBefore: 120 },
    status: 401,
    text: 'invalid token: <token>, error: token has invalid claims: token is not valid yet',
  },
  {
    what: 'another algorithm',
    token: { video, algorithm: 'HS512' },
    status: 401,
    text: 'invalid token: <token>, error: token signature is invalid: signing method HS512 is invalid',
  },
  { what: 'no grant', token: {}, status: 401, text: 'no permissions to access the room' },
  { what: 'no key', token: { video, issuer: '' }, status: 401, text: 'invalid API key: ' },
  {
    what: 'a grant that is not for joining',
    token: { video: { room: 'validated' } },
    status: 401,
    text: 'permissions denied',
  },
  { what: 'no room', token: { video: { roomJoin: true } }, status: 400, text: 'no room name' },
  { what: 'no identity', token: { video, identity: '' }, status: 400, text: 'identity cannot be empty' },
  {
    what: 'too long an identity',
    token: { video, identity: 'é'.repeat(129) },
    status: 400,
    text: 'participant identity length exceeds limits: max length 256',
  },
  {
    what: 'too long a room name',
    token: { video: { roomJoin: true, room: 'x'.repeat(257) } },
    status: 400,
    text: 'room name length exceeds limits: max length 256',
  },
])('/rtc/validate with $what: $status', async ({ token, status, text }) => {
  const value = await jwt(token)
  const response = await fetch(`${server.url}/rtc/validate?access_token=${value}`)
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect((await response.text()).trim()).toBe(text.replace('<token>', value).trim())
})

it.each([
  { what: 'without a token', query: '', text: 'no permissions to access the room' },
  { what: 'with what is no token', query: '?access_token=abc', text: 'invalid authorization token' },
])('/rtc/validate $what: 401', async ({ query, text }) => {
  const response = await fetch(`${server.url}/rtc/validate${query}`)
  expect(response.status).toBe(401)
  expect((await response.text()).trim()).toBe(text)
})

const ofJoinRequest = (request: PartialMessage<JoinRequest>): Record<string, string> => ({
  join_request: encodeJoinRequest(new JoinRequest(request)),
})
const garbage = Buffer.from([0xff, 0xff, 0xff]).toString('base64')
const ofWrapped = Buffer.from(new WrappedJoinRequest({ joinRequest: Buffer.from(garbage) }).toBinary())

interface Parameters {
  what: string
  version: 'v0' | 'v1'
  query: Record<string, string>
  mayUpdate?: boolean
  status: number
  text: string
}

it.each<Parameters>([
  { what: 'no join request', version: 'v1', query: {}, status: 400, text: 'join_request is required' },
  {
    what: 'a join request that is no base64',
    version: 'v1',
    query: { join_request: '****' },
    status: 400,
    text: 'cannot base64 decode wrapped join request',
  },
  {
    what: 'a join request without its padding',
    version: 'v1',
    query: { join_request: 'CgA' },
    status: 400,
    text: 'cannot base64 decode wrapped join request',
  },
  {
    what: 'a join request that is not wrapped',
    version: 'v1',
    query: { join_request: garbage.replaceAll('/', '_') },
    status: 400,
    text: 'cannot unmarshal wrapped join request',
  },
  {
    what: 'a wrapped join request that is none',
    version: 'v1',
    query: { join_request: ofWrapped.toString('base64').replaceAll('+', '-').replaceAll('/', '_') },
    status: 400,
    text: 'cannot unmarshal join request',
  },
  {
    what: 'a join request',
    version: 'v1',
    query: ofJoinRequest({ connectionSettings: {} }),
    status: 200,
    text: 'success',
  },
  {
    what: 'metadata of its own',
    version: 'v1',
    query: ofJoinRequest({ metadata: 'x' }),
    mayUpdate: true,
    status: 200,
    text: 'success',
  },
  {
    what: 'metadata of its own, without permission',
    version: 'v1',
    query: ofJoinRequest({ metadata: 'x' }),
    status: 401,
    text: 'no permissions to access the room',
  },
  {
    what: 'attributes of its own, without permission',
    version: 'v1',
    query: ofJoinRequest({ participantAttributes: { hand: 'up' } }),
    status: 401,
    text: 'no permissions to access the room',
  },
  {
    what: 'attributes in the query, without permission',
    version: 'v0',
    query: { attributes: Buffer.from('{"a":"b"}').toString('base64') },
    status: 401,
    text: 'no permissions to access the room',
  },
  {
    what: 'attributes in the query',
    version: 'v0',
    query: { attributes: Buffer.from('{"a":"b"}').toString('base64') },
    mayUpdate: true,
    status: 200,
    text: 'success',
  },
  {
    what: 'attributes in the query that are no JSON',
    version: 'v0',
    query: { attributes: '****' },
    mayUpdate: true,
    status: 400,
    text: 'cannot decode attributes',
  },
])('validating $what in $version: $status', async ({ version, query, mayUpdate, status, text }) => {
  const token = await jwt({ video: { ...video, canUpdateOwnMetadata: mayUpdate ?? false } })
  const path = version === 'v1' ? '/rtc/v1/validate' : '/rtc/validate'
  const parameters = new URLSearchParams({ access_token: token, ...query })
  const response = await fetch(`${server.url}${path}?${parameters.toString()}`)
  expect({ status: response.status, text: (await response.text()).trim() }).toEqual({ status, text })
})
