import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

const PORTION = 1_000
const WAIT = { timeout: 120_000 }
const recording = tutorialMetadata('Böard (1)', 1)
const other = tutorialMetadata('Other', 2)
const file = randomBytes(recording.size)

let product: RunningProduct
let s3: S3Client
let ticketUrl: string

beforeAll(async () => {
  product = await runProduct({
    RECORDING_PLAYBACK_STRATEGY: 'PROXY',
    RECORDING_FILE_PORTION_SIZE: String(PORTION),
  })
  s3 = s3Client(product.config)
  await store(s3, product.config, recording, file)
  await store(s3, product.config, other, file)
  const admin = await product.admin()
  const playback = await admin.recordings.playback.query({ recordingName: recording.name })
  ticketUrl = product.url + playback.url
})
afterAll(async () => {
  s3.destroy()
  await product[Symbol.asyncDispose]()
})

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

describe('GET /media', () => {
  it('gives the whole file', async () => {
    expect(ticketUrl).toMatch(/^http:.*\/media\//)
    const answer = await fetch(ticketUrl)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('video/mp4')
    expect(answer.headers.get('accept-ranges')).toBe('bytes')
    expect(answer.headers.get('cache-control')).toMatch(/private/)
    expect((await bytesOf(answer)).equals(file)).toBe(true)
  })

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-8999', 100, 9_000],
    ['bytes=-50', 9_950, 10_000],
    ['bytes=500-', 500, 500 + PORTION],
    ['bytes=9500-', 9_500, 10_000],
  ])('gives %s', async (range, start, end) => {
    const answer = await fetch(ticketUrl, { headers: { range } })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/10000`)
    expect((await bytesOf(answer)).equals(file.subarray(start, end))).toBe(true)
  })

  it('says when there is nothing in a range', async () => {
    const answer = await fetch(ticketUrl, { headers: { range: 'bytes=10000-' } })
    expect(answer.status).toBe(416)
    expect(answer.headers.get('content-range')).toBe('bytes */10000')
  })

  it('does not send again what the client has', async () => {
    const etag = (await fetch(ticketUrl, { method: 'HEAD' })).headers.get('etag')
    expect(etag).toMatch(/^"/)
    const answer = await fetch(ticketUrl, { headers: { 'if-none-match': etag ?? '' } })
    expect(answer.status).toBe(304)
    expect((await bytesOf(answer)).length).toBe(0)
  })

  it('offers the file under its name when it is to be saved', async () => {
    const admin = await product.admin()
    const { url } = await admin.recordings.playback.query({ recordingName: recording.name, download: true })
    const answer = await fetch(product.url + url)
    expect(answer.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent(recording.name).replace('(', '%28').replace(')', '%29')}`,
    )
    await answer.body?.cancel()
  })

  it('answers HEAD with the headers alone, whatever range is asked for', async () => {
    const answer = await fetch(ticketUrl, { method: 'HEAD', headers: { range: 'bytes=0-1' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-length')).toBe('10000')
  })
})

describe('a file that changes while it is played', () => {
  const changing = tutorialMetadata('Changing', 3)
  const later = randomBytes(changing.size)
  let url: string

  beforeAll(async () => {
    await store(s3, product.config, changing, file)
    const admin = await product.admin()
    url = product.url + (await admin.recordings.playback.query({ recordingName: changing.name })).url
  })

  const part = (headers: Record<string, string> = {}) =>
    fetch(url, { headers: { range: 'bytes=100-199', ...headers } })

  it('is never mixed with what it was', async () => {
    const before = await part()
    expect((await bytesOf(before)).equals(file.subarray(100, 200))).toBe(true)
    const etag = before.headers.get('etag') ?? ''
    await store(s3, product.config, changing, later)

    const after = await part()
    expect(after.status).toBe(206)
    expect(after.headers.get('etag')).not.toBe(etag)
    expect((await bytesOf(after)).equals(later.subarray(100, 200))).toBe(true)
    const other = await part({ 'if-range': etag })
    expect(other.status).toBe(200)
    expect((await bytesOf(other)).equals(later)).toBe(true)
    expect((await part({ 'if-match': etag })).status).toBe(412)
  })

  it('is not there any more when it was deleted', async () => {
    expect((await part()).status).toBe(206)
    const Key = product.config.api.recordingsPath + changing.name
    await s3.send(new DeleteObjectCommand({ Bucket: product.config.api.s3.bucket, Key }))
    expect((await part()).status).toBe(404)
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(404)
  })
})

describe('players that pause', () => {
  const PLAYERS = 200
  const long = { ...tutorialMetadata('Long', 4), size: 16 << 20 }
  /** What the sockets and streams of S3, app and players, which are one process here, may hold for each of them. */
  const HELD_BYTES = long.size / 4

  it('hold neither memory nor others up, and get the rest when they go on', async () => {
    const content = randomBytes(long.size)
    await store(s3, product.config, long, content)
    const admin = await product.admin()
    const { url } = await admin.recordings.playback.query({ recordingName: long.name })
    const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY })
    const before = process.memoryUsage().arrayBuffers
    try {
      const players = await Promise.all(
        Array.from({ length: PLAYERS }, () => answerTo(product.url + url, agent)),
      )
      expect(players.map(({ statusCode }) => statusCode)).toEqual(players.map(() => 200))
      // Time enough to read ahead, if they did: somebody else's whole film, and the list
      const another = await fetch(product.url + url)
      expect((await bytesOf(another)).equals(content)).toBe(true)
      const listed = async () => (await admin.recordings.list.query({})).items.map(({ name }) => name)
      await expect.poll(listed, WAIT).toContain(long.name)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(PLAYERS * HELD_BYTES)

      const [player] = players
      if (!player) throw new Error('no player')
      const chunks: Buffer[] = []
      player.on('data', (chunk: Buffer) => chunks.push(chunk))
      await once(player, 'end')
      expect(Buffer.concat(chunks).equals(content)).toBe(true)
    } finally {
      agent.destroy()
    }
  })

  /** An answer that nobody reads yet. */
  function answerTo(url: string, agent: Agent): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(url, { agent }, (answer) => {
        // What becomes of it when the test is over
        answer.on('error', () => undefined)
        resolve(answer)
      }).once('error', reject)
    })
  }
})

describe('a ticket', () => {
  const path = (name: string) => `${product.url}/media/${encodeURIComponent(name)}`
  const ticket = () => new URL(ticketUrl).searchParams.get('ticket') ?? ''

  it.each<[string, () => string, number]>([
    ['is needed', () => path(recording.name), 401],
    ['that is empty opens nothing', () => `${path(recording.name)}?ticket=`, 401],
    [
      'that was changed opens nothing',
      () => `${path(recording.name)}?ticket=${ticket().slice(0, -3)}abc`,
      401,
    ],
    ['opens no other recording', () => `${path(other.name)}?ticket=${ticket()}`, 401],
    ['opens no path', () => `${product.url}/media/..%2F..%2Fadmin-password?ticket=${ticket()}`, 400],
    ['is good for more than once', () => `${path(recording.name)}?ticket=${ticket()}`, 200],
  ])('%s', async (_what, url, status) => {
    const answer = await fetch(url())
    expect(answer.status).toBe(status)
    await answer.body?.cancel()
  })
})

describe('pages', () => {
  it.each(['/', '/rooms/Some%20Room', '/recordings', '/recordings/a-RM_x-t.mp4', '/s/abc.def'])(
    '%s is the app',
    async (path) => {
      const answer = await fetch(product.url + path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
    },
  )

  it.each(['/nothing', '/assets/none.js', '/livekit/none', '/trpc/none.none'])(
    '%s is not there',
    async (path) => {
      expect((await fetch(product.url + path)).status).toBe(404)
    },
  )
})
