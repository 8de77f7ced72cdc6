import { startLocalS3 } from '@roomreel/local-s3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultGate, openFaultGate } from './fault-gate.ts'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'

const WAIT = { timeout: 120_000 }

let dataDir: string
let s3: Awaited<ReturnType<typeof startLocalS3>>
let gate: FaultGate
let product: RunningProduct

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'roomreel-answers-'))
  s3 = await startLocalS3({
    dataDir,
    port: 0,
    accessKey: 'minioadmin',
    secretKey: 'minioadmin',
    buckets: ['openvidu-appdata'],
  })
  gate = await openFaultGate(s3.url)
  product = await runProduct({ S3_ENDPOINT: gate.url })
})
afterAll(async () => {
  gate.rule(() => 'pass')
  await product[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
  await s3.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function joinRoom(roomName: string): Promise<Client> {
  const { token } = await product.client().rooms.join.mutate({ roomName, participantName: 'Ann' })
  return product.participant(token)
}

const only = async (client: Client) => {
  const { items } = await client.recordings.list.query({})
  expect(items.length).toBeLessThanOrEqual(1)
  return items[0]
}

/** The first of such requests is carried out, and nobody hears of it. */
function loseFirst(isMeant: (method: string, path: string) => boolean): () => boolean {
  let isLost = false
  gate.rule((method, path) => {
    if (isLost || !isMeant(method, path)) return 'pass'
    isLost = true
    return 'lose-answer'
  })
  return () => isLost
}

describe('a write whose answer is lost', () => {
  it.each([
    ['the claim', '/.claims/'],
    ['the metadata', '/.metadata/'],
  ])(
    'of %s counts all the same: one recording, which ends and can be followed by another',
    async (_what, folder) => {
      const roomName = `Lost${folder.replaceAll(/\W/g, '')}`
      const client = await joinRoom(roomName)
      const isLost = loseFirst((method, path) => method === 'PUT' && path.includes(folder))
      await client.recordings.start.mutate({ roomName })
      await expect.poll(async () => (await only(client))?.status, WAIT).toBe('STARTED')
      await client.recordings.stop.mutate({ roomName })
      await expect.poll(async () => (await only(client))?.status, WAIT).toBe('COMPLETE')
      expect(isLost()).toBe(true)
      gate.rule(() => 'pass')
      const next = await client.recordings.start.mutate({ roomName })
      expect(next.status).toBe('STARTING')
      await client.recordings.stop.mutate({ roomName })
    },
  )
})

describe('a stop while the storage is away', () => {
  it('stops the recording at once, and the recording is there when the storage is back', async () => {
    const client = await joinRoom('Away')
    const { id } = await client.recordings.start.mutate({ roomName: 'Away' })
    await expect.poll(async () => (await only(client))?.status, WAIT).toBe('STARTED')
    gate.rule(() => 'cut')
    const stopped = await client.recordings.stop.mutate({ roomName: 'Away' })
    expect(stopped).toMatchObject({ id, status: 'STOPPING' })
    gate.rule(() => 'pass')
    await expect.poll(async () => (await only(client))?.status, WAIT).toBe('COMPLETE')
    expect(await only(client)).toMatchObject({ id })
  })
})
