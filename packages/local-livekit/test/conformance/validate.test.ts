import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
