import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { AccessToken } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROCEDURES } from './procedures.ts'
import { type RunningProduct, runProduct } from './running-product.ts'

/** Cases of each property; the seed of a failing one is printed. */
const CASES = 700

let product: RunningProduct
let token: string

beforeAll(async () => {
  product = await runProduct()
  token = (await product.client().rooms.join.mutate({ roomName: 'Fuzz', participantName: 'Ann' })).token
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

/** Texts that have broken programs before. */
const nasty = fc.constantFrom(
  '',
  ' ',
  '..',
  '../../etc/passwd',
  '..%2f..%2f.metadata%2fx',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\u202Egpj.exe',
  '\uD800',
  '<img src=x onerror=alert(1)>',
  "'; DROP TABLE recordings; --",
  '(a+)+$',
  '%',
  '%E0%A4%A',
  'a'.repeat(5_000),
  '\u{1F600}'.repeat(200),
  'Fuzz',
  'x.mp4',
)
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 80 }))
const json = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 6 }),
)

/** Inputs that look like the real ones, with anything in place of their values. */
const input = fc.oneof(
  json,
  fc.record(
    {
      roomName: json,
      participantName: json,
      recordingName: json,
      recordingNames: fc.oneof(json, fc.array(json, { maxLength: 4 })),
      layout: json,
      search: json,
      cursor: json,
      limit: json,
      startedFrom: json,
      statuses: fc.oneof(json, fc.array(json, { maxLength: 4 })),
      expiresInSeconds: json,
      shareToken: json,
      linkId: json,
      mayDownload: json,
      password: json,
      strategy: json,
      download: json,
      __proto__: json,
    },
    { requiredKeys: [] },
  ),
)

async function expectRefusedOrAnswered(answer: Response): Promise<void> {
  const body = await answer.text()
  expect(answer.status < 500 ? 'answered' : body).toBe('answered')
  expect(body).not.toMatch(/\bat .+\.(?:js|ts):\d+/)
}

const healthStatus = async () => (await fetch(`${product.url}/healthz`)).status

describe('whatever is sent', () => {
  it('to any procedure: it is refused or answered, and the server goes on', async () => {
    const credentials = fc.constantFrom<Record<string, string>[]>(
      {},
      { authorization: 'own' },
      { authorization: 'Bearer x.y.z' },
      { cookie: 'roomreel_session=nonsense' },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PROCEDURES),
        input,
        credentials,
        async ({ path, type }, value, headers) => {
          if (type === 'subscription') return
          const sent = headers['authorization'] === 'own' ? { authorization: `Bearer ${token}` } : headers
          const encoded = JSON.stringify(value) ?? 'null'
          const answer =
            type === 'query'
              ? await fetch(`${product.url}/trpc/${path}?input=${encodeURIComponent(wellFormed(encoded))}`, {
                  headers: sent,
                })
              : await fetch(`${product.url}/trpc/${path}`, {
                  method: 'POST',
                  headers: { 'content-type': 'application/json', ...sent },
                  body: encoded,
                })
          await expectRefusedOrAnswered(answer)
        },
      ),
      { numRuns: CASES },
    )
    expect(await healthStatus()).toBe(200)
  })

  it('to the tRPC endpoint that is no call at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(text, fc.constantFrom('recordings.list,recordings.list', 'recordings', 'rooms.join.call')),
        fc.oneof(
          text,
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        ),
        fc.constantFrom('GET', 'POST'),
        async (path, body, method) => {
          const url = `${product.url}/trpc/${encodeURIComponent(wellFormed(path))}`
          await expectRefusedOrAnswered(
            method === 'GET'
              ? await fetch(`${url}?batch=1&input=${encodeURIComponent(wellFormed(body))}`)
              : await fetch(`${url}?batch=1`, {
                  method,
                  headers: { 'content-type': 'application/json' },
                  body: wellFormed(body),
                }),
          )
        },
      ),
      { numRuns: CASES / 2 },
    )
    expect(await healthStatus()).toBe(200)
  })

  it('as a webhook, signed or not', async () => {
    const { apiKey, apiSecret } = product.config.api.livekit
    const event = fc.record(
      {
        event: fc.oneof(
          fc.constantFrom('egress_started', 'egress_updated', 'egress_ended', 'room_finished'),
          json,
        ),
        id: json,
        createdAt: json,
        room: fc.oneof(json, fc.record({ name: json, sid: json })),
        egressInfo: fc.oneof(
          json,
          fc.record(
            {
              egressId: text,
              roomId: text,
              roomName: text,
              status: fc.oneof(json, fc.constantFrom('EGRESS_ACTIVE', 'EGRESS_COMPLETE', 'EGRESS_FAILED')),
              startedAt: json,
              updatedAt: json,
              error: text,
              fileResults: fc.oneof(
                json,
                fc.array(
                  fc.record({
                    filename: fc.oneof(
                      text,
                      text.map((name) => `recordings/${name}.mp4`),
                    ),
                    size: json,
                    duration: json,
                  }),
                  { maxLength: 2 },
                ),
              ),
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(event, json), fc.boolean(), async (value, isSigned) => {
        const body = JSON.stringify(value) ?? ''
        const signature = new AccessToken(apiKey, apiSecret)
        signature.sha256 = createHash('sha256').update(body).digest('base64')
        const answer = await fetch(`${product.url}/livekit/webhook`, {
          method: 'POST',
          headers: {
            'content-type': 'application/webhook+json',
            authorization: isSigned ? await signature.toJwt() : 'x.y.z',
          },
          body,
        })
        await expectRefusedOrAnswered(answer)
      }),
      { numRuns: CASES },
    )
    expect(await healthStatus()).toBe(200)
  })

  it('as a request for media', async () => {
    const range = fc.oneof(
      text,
      fc.constantFrom(
        'bytes=0-',
        'bytes=-1',
        'bytes=5-2',
        'bytes=0-0,5-9',
        'bytes=99999999999999999999-',
        'bytes=--1',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        range,
        fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE'),
        async (name, ticket, header, method) => {
          const query = new URLSearchParams({ ticket: wellFormed(ticket) })
          const answer = await fetch(
            `${product.url}/media/${encodeURIComponent(wellFormed(name))}?${query.toString()}`,
            {
              method,
              headers: { range: asHeader(header) },
            },
          )
          await expectRefusedOrAnswered(answer)
        },
      ),
      { numRuns: CASES },
    )
    expect(await healthStatus()).toBe(200)
  })
})

/** What can be percent-encoded at all. */
const wellFormed = (value: string) => Buffer.from(value).toString('utf8')

/** What Node lets through as a header's value. */
const asHeader = (value: string) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
