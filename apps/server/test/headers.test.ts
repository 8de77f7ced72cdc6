import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningProduct, runProduct } from './running-product.ts'

/** Where LiveKit and S3 are for browsers, which the policy has to let through. */
const ENVIRONMENT = {
  LIVEKIT_PUBLIC_URL: 'wss://livekit.example.com',
  S3_PUBLIC_ENDPOINT: 'https://s3.example.com/some/path',
}

let product: RunningProduct

beforeAll(async () => {
  product = await runProduct(ENVIRONMENT)
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

function policyOf(answer: Response): Record<string, string> {
  const policy = answer.headers.get('content-security-policy') ?? ''
  return Object.fromEntries(
    policy.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(' ')
      return [name, sources.join(' ')]
    }),
  )
}

describe.each([
  ['a page', 'GET', '/', 200],
  ['a page of the library', 'GET', '/recordings/a.mp4', 200],
  ['nothing', 'GET', '/assets/none.js', 404],
  ['a procedure', 'GET', '/trpc/session.me', 200],
  ['a procedure that refuses', 'GET', '/trpc/recordings.list?input=%7B%7D', 401],
  ['a procedure that is none', 'GET', '/trpc/none', 404],
  ['media without a ticket', 'GET', '/media/a.mp4', 401],
  ['an unsigned webhook', 'POST', '/livekit/webhook', 401],
  ['the health', 'GET', '/healthz', 200],
  ['the metrics', 'GET', '/metrics', 200],
  ['a method that is not served', 'PUT', '/', 404],
  ['a body that is too large', 'POST', '/trpc/session.login', 413],
] as const)('%s', (_what, method, path, status) => {
  const body = status === 413 ? 'x'.repeat(200_000) : 'x'
  const ask = (headers: Record<string, string> = {}) =>
    fetch(product.url + path, {
      method,
      redirect: 'manual',
      headers: { ...(method === 'POST' && { 'content-type': 'application/json' }), ...headers },
      ...(method === 'POST' && { body }),
    })

  it('has the headers that keep a browser from harm', async () => {
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(policyOf(answer)).toEqual({
      'default-src': "'self'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self' wss://livekit.example.com https://livekit.example.com https://s3.example.com",
      'media-src': "'self' blob: https://s3.example.com",
      'img-src': "'self' data: blob: https://s3.example.com",
      'worker-src': "'self' blob:",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
    })
    expect(answer.headers.has('x-powered-by')).toBe(false)
    expect(answer.headers.has('server')).toBe(false)
  })

  it('lets no other site read it', async () => {
    const answer = await ask({ origin: 'https://evil.example' })
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  it('demands TLS of those who came by it', async () => {
    expect((await ask()).headers.has('strict-transport-security')).toBe(false)
    const secure = await ask({ 'x-forwarded-proto': 'https' })
    expect(secure.headers.get('strict-transport-security')).toBe('max-age=15552000')
  })
})

it('what a procedure answers is kept by nobody', async () => {
  for (const path of ['/trpc/session.me', '/trpc/recordings.list?input=%7B%7D']) {
    expect((await fetch(product.url + path)).headers.get('cache-control')).toBe('no-store')
  }
  const events = await fetch(`${product.url}/trpc/recordings.events?input=%7B%7D`)
  expect(events.headers.get('content-type')).toBe('text/event-stream')
  expect(events.headers.get('cache-control')).toMatch(/no-(?:store|cache)/)
  await events.body?.cancel()
})

it('a preflight of another site is answered with nothing', async () => {
  const answer = await fetch(`${product.url}/trpc/session.login`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  })
  expect(answer.ok).toBe(false)
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
})

describe('settings', () => {
  it('let those frame it that are named, and believe no proxy that is not', async () => {
    await using framed = await runProduct({
      FRAME_ANCESTORS: "'self' https://intranet.example.com",
      TRUSTED_PROXIES: '192.0.2.1',
    })
    const answer = await fetch(framed.url, { headers: { 'x-forwarded-proto': 'https' } })
    expect(policyOf(answer)['frame-ancestors']).toBe("'self' https://intranet.example.com")
    expect(answer.headers.has('x-frame-options')).toBe(false)
    expect(answer.headers.has('strict-transport-security')).toBe(false)
  })
})
