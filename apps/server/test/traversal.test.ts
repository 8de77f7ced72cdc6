import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { claimsOf, derivedKey, jwt } from './jwt.ts'
import { type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

const SESSION_SECRET = 'a session secret that this test knows'
const EXPIRES = Math.floor(Date.now() / 1000) + 3_600
const stored = tutorialMetadata('Board', 1)

let product: RunningProduct

beforeAll(async () => {
  product = await runProduct({ SESSION_SECRET, RECORDING_PLAYBACK_STRATEGY: 'PROXY' })
  const s3 = s3Client(product.config)
  await store(s3, product.config, stored, Buffer.from('a file'))
  s3.destroy()
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

/** Asks for a path as it stands: `fetch` would resolve its dots. */
async function get(path: string): Promise<{ status: number; body: string }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port: product.config.port, path }, resolve).on('error', reject).end()
  })
  return { status: answer.statusCode ?? 0, body: await text(answer) }
}

/** A ticket for exactly this name, as nobody but the app could make it. */
const ticketFor = (rec: string) =>
  jwt({ rec, use: 'video', exp: EXPIRES }, derivedKey(SESSION_SECRET, 'media'))

it.each([
  '/../admin-password',
  '/assets/../../admin-password',
  '/assets/..%2f..%2fadmin-password',
  '/%2e%2e/admin-password',
  '/%2e%2e%2fadmin-password',
  '/..%5cadmin-password',
  '/..%c0%afadmin-password',
  '/..%00/admin-password',
  '//etc/passwd',
  '/assets//etc/passwd',
  '/rooms/../../admin-password',
  'http://127.0.0.1/../admin-password',
  '/%',
  '/%E0%A4%A',
])('%s is no file of the page', async (path) => {
  const { status, body } = await get(path)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(body).toMatch(/^\{"code":"(?:NOT_FOUND|BAD_REQUEST)"/)
})

it.each([
  '../openvidu-appdata/x.mp4',
  '..\\x.mp4',
  '.metadata/Board-RM_stored-1.mp4',
  '../.metadata/Board-RM_stored-1.json',
  'a/../Board-RM_stored-1.mp4',
  '/etc/passwd',
  'x\u0000.mp4',
  'x\n.mp4',
  '.mp4',
])('%j is no recording, even with a ticket for it', async (name) => {
  const { status, body } = await get(`/media/${encodeURIComponent(name)}?ticket=${ticketFor(name)}`)
  expect([400, 404]).toContain(status)
  expect(body).toMatch(/^\{"code":"(?:NOT_FOUND|BAD_REQUEST)"/)
})

it('the recording itself is there, by such a ticket', async () => {
  const ticket = ticketFor(stored.name)
  expect(claimsOf(ticket)['rec']).toBe(stored.name)
  const { status, body } = await get(`/media/${encodeURIComponent(stored.name)}?ticket=${ticket}`)
  expect({ status, body }).toEqual({ status: 200, body: 'a file' })
})

it.each([
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'recordings.__proto__',
  'rooms.constructor',
])('/trpc/%s is no procedure', async (path) => {
  expect((await get(`/trpc/${path}`)).status).toBe(404)
})

it.each([
  ['a room', { roomName: '__proto__', participantName: 'constructor' }, 200],
  ['a room with more in it', { roomName: 'x', participantName: 'y', __proto__: { role: 'admin' } }, 200],
  ['a polluting key', '{"roomName":"x","participantName":"y","__proto__":{"role":"admin"}}', 200],
  ['a deep nest', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400],
  ['a wide array', JSON.stringify(Array.from({ length: 20_000 }, () => 1)), 400],
])('%s as input does no harm', async (_what, input, status) => {
  const answer = await fetch(`${product.url}/trpc/rooms.join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof input === 'string' ? input : JSON.stringify(input),
  })
  expect(answer.status).toBe(status)
  expect(Reflect.get({}, 'role')).toBeUndefined()
})
