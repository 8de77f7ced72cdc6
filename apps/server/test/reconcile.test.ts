import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { reconcileOnce } from '@roomreel/api'
import type { RecordingInfo } from '@roomreel/contracts'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { RoomServiceClient } from 'livekit-server-sdk'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client } from './stored-recordings.ts'

const WAIT = { timeout: 120_000 }
/** ms: what is younger than this may just be going on, and is left alone. */
const GRACE_MS = 61_000

let product: RunningProduct
let admin: Client
let s3: S3Client
let recorded: RecordingInfo

beforeAll(async () => {
  product = await runProduct()
  admin = await product.admin()
  s3 = s3Client(product.config)
  recorded = await record('Truth')
})
afterAll(async () => {
  s3.destroy()
  await product[Symbol.asyncDispose]()
})

async function record(roomName: string): Promise<RecordingInfo> {
  const { token } = await product.client().rooms.join.mutate({ roomName, participantName: 'Ann' })
  const client = product.participant(token)
  const { id } = await client.recordings.start.mutate({ roomName })
  const until = (isReached: (recording: RecordingInfo) => boolean) =>
    vi.waitFor(async () => {
      const found = (await client.recordings.list.query({})).items.find((item) => item.id === id)
      if (!found || !isReached(found)) throw new Error(`recording is ${found?.status}`)
      return found
    }, WAIT)
  await until(({ status }) => status === 'STARTED')
  await client.recordings.stop.mutate({ roomName })
  return until(({ check }) => check !== undefined)
}

const Bucket = () => product.config.api.s3.bucket
const fileKey = (name: string) => `recordings/${name}`
const metadataKey = (name: string) => `recordings/.metadata/${name.replace('.mp4', '')}.json`
const tombstoneKey = (name: string) => `recordings/.deleted/${name.replace('.mp4', '')}.json`

const copy = (from: string, to: string) =>
  s3.send(
    new CopyObjectCommand({
      Bucket: Bucket(),
      CopySource: `${Bucket()}/${encodeURIComponent(from)}`,
      Key: to,
    }),
  )
const remove = (Key: string) => s3.send(new DeleteObjectCommand({ Bucket: Bucket(), Key }))
const put = (Key: string, value: unknown) =>
  s3.send(new PutObjectCommand({ Bucket: Bucket(), Key, Body: JSON.stringify(value) }))

/** What is kept of a recording, but for what is said of it in the audit log. */
async function keysOf(recordingName: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: Bucket(), Prefix: 'recordings/' }),
  )
  const base = recordingName.replace('.mp4', '')
  return Contents.flatMap(({ Key = '' }) => (Key.includes(base) && !Key.includes('/.audit/') ? [Key] : []))
}

/** @returns the repairs that are (or would be) made */
async function reconcile(isApplied: boolean): Promise<string[]> {
  const lines: string[] = []
  const config = { ...product.config.api, adminPassword: '', sessionSecret: '' }
  const result = await reconcileOnce(config, pino({ level: 'silent' }), {
    isApplied,
    onRepair: (line) => lines.push(line),
    now: () => Date.now() + GRACE_MS,
  })
  expect(result.failed).toBe(0)
  return lines
}

const listed = async (name: string) =>
  (await admin.recordings.list.query({ search: name, limit: 100 })).items.filter((item) => item.name === name)

describe('the reconciler', () => {
  it('finds nothing to repair where all is well', async () => {
    expect(recorded).toMatchObject({ status: 'COMPLETE', check: 'verified' })
    expect(await reconcile(false)).toEqual([])
  })

  it('makes a recording of a file of which nothing is known, once somebody says so', async () => {
    const name = 'Adopted-RM_gone-2026-01-02T030405.mp4'
    await copy(fileKey(recorded.name), fileKey(name))
    expect(await reconcile(false)).toEqual([expect.stringContaining(name)])
    expect(await listed(name)).toEqual([])
    await reconcile(true)
    await expect
      .poll(() => listed(name), WAIT)
      .toMatchObject([
        {
          name,
          roomName: 'Adopted',
          roomId: 'RM_gone',
          startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
          status: 'COMPLETE',
          check: 'verified',
          size: recorded.size,
          duration: recorded.duration,
        },
      ])
    const { url } = await admin.recordings.playback.query({ recordingName: name })
    expect((await fetch(url)).status).toBe(200)
    expect(await reconcile(true)).toEqual([])
  })

  it('marks what is missing, offers it to nobody, and takes it back when it is there again', async () => {
    const { name } = recorded
    await copy(fileKey(name), 'elsewhere/kept.mp4')
    await remove(fileKey(name))
    await reconcile(true)
    await expect.poll(async () => (await listed(name))[0]?.check, WAIT).toBe('missing')
    await expect(admin.recordings.playback.query({ recordingName: name })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    })
    await copy('elsewhere/kept.mp4', fileKey(name))
    await reconcile(true)
    await expect.poll(async () => (await listed(name))[0]?.check, WAIT).toBe('verified')
    expect(await listed(name)).toMatchObject([{ status: 'COMPLETE', size: recorded.size }])
  })

  it('corrects a room that believes to be recorded', async () => {
    const { url, apiKey, apiSecret } = product.config.api.livekit
    const rooms = new RoomServiceClient(url, apiKey, apiSecret)
    await product.client().rooms.join.mutate({ roomName: 'Wrong', participantName: 'Ann' })
    const [room] = await rooms.listRooms(['Wrong'])
    const wrong = { createdBy: product.config.api.appName, recordingStatus: 'STARTED', theme: 'dark' }
    await rooms.updateRoomMetadata('Wrong', JSON.stringify(wrong))
    await reconcile(true)
    const [after] = await rooms.listRooms(['Wrong'])
    expect(after?.sid).toBe(room?.sid)
    expect(JSON.parse(after?.metadata ?? '')).toEqual({ ...wrong, recordingStatus: 'STOPPED' })
  })
})

describe('a deletion that was cut off', () => {
  /** A recording of its own, deleted, and then as far back as a crash would have left it. */
  async function halfDeleted(name: string, left: readonly ('file' | 'metadata')[]): Promise<void> {
    await copy(fileKey(recorded.name), fileKey(name))
    await reconcile(true)
    await expect.poll(() => listed(name), WAIT).toHaveLength(1)
    const metadata = await s3.send(new GetObjectCommand({ Bucket: Bucket(), Key: metadataKey(name) }))
    const text = (await metadata.Body?.transformToString()) ?? ''
    await put(tombstoneKey(name), {
      state: 'deleting',
      name,
      id: '',
      roomName: 'Half',
      roomId: 'RM_half',
      deletedAt: Date.now(),
    })
    if (!left.includes('file')) await remove(fileKey(name))
    if (!left.includes('metadata')) await remove(metadataKey(name))
    else await put(metadataKey(name), JSON.parse(text))
  }

  it.each([
    ['before anything was removed', ['file', 'metadata']],
    ['when the file was gone', ['metadata']],
    ['when the metadata was gone', ['file']],
    ['when all was gone', []],
  ] as const)('%s is finished by a repeat', async (when, left) => {
    const name = `Half-RM_half-repeat ${when}.mp4`
    await halfDeleted(name, left)
    expect(await admin.recordings.delete.mutate({ recordingNames: [name] })).toEqual({
      deleted: [name],
      failed: [],
    })
    expect(await keysOf(name)).toEqual([tombstoneKey(name)])
    const again = await admin.recordings.delete.mutate({ recordingNames: [name] })
    expect(again.failed).toMatchObject([{ recordingName: name, code: 'NOT_FOUND' }])
  })

  it.each([
    ['before anything was removed', ['file', 'metadata']],
    ['when the file was gone', ['metadata']],
    ['when the metadata was gone', ['file']],
  ] as const)('%s is finished by the reconciler, and shown to nobody meanwhile', async (when, left) => {
    const name = `Half-RM_half-reconciled ${when}.mp4`
    await halfDeleted(name, left)
    await expect(admin.recordings.get.query({ recordingName: name })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    })
    await expect.poll(() => listed(name), WAIT).toEqual([])
    expect(await keysOf(name)).toHaveLength(left.length + 1)
    await reconcile(true)
    expect(await keysOf(name)).toEqual([tombstoneKey(name)])
    expect(await listed(name)).toEqual([])
  })

  it('brings back what somebody puts back after it', async () => {
    const name = 'Back-RM_back-2026-02-03T040506.mp4'
    await copy(fileKey(recorded.name), fileKey(name))
    await reconcile(true)
    await expect.poll(() => listed(name), WAIT).toHaveLength(1)
    await admin.recordings.delete.mutate({ recordingNames: [name] })
    await copy(fileKey(recorded.name), fileKey(name))
    await reconcile(true)
    await expect.poll(() => listed(name), WAIT).toHaveLength(1)
    expect(await keysOf(name)).toEqual([metadataKey(name), fileKey(name)].toSorted())
  })
})

describe('npm run reconcile', () => {
  it('shows what it would repair, and changes nothing', async () => {
    const { api } = product.config
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [new URL('../dist/reconcile.js', import.meta.url).pathname],
      {
        env: {
          PATH: process.env['PATH'],
          LIVEKIT_URL: api.livekit.url,
          LIVEKIT_API_KEY: api.livekit.apiKey,
          LIVEKIT_API_SECRET: api.livekit.apiSecret,
          S3_ENDPOINT: api.s3.endpoint,
          LOG_FORMAT: 'json',
        },
      },
    )
    expect(stdout).toMatch(/Nothing to repair\.|Nothing was changed; to make these repairs/)
  })

  it('says in a sentence what it can not reach', async () => {
    const failure: unknown = await promisify(execFile)(
      process.execPath,
      [new URL('../dist/reconcile.js', import.meta.url).pathname],
      { env: { PATH: process.env['PATH'], S3_ENDPOINT: 'http://127.0.0.1:1', LOG_FORMAT: 'json' } },
    ).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 1 })
    const stderr = failure instanceof Error && 'stderr' in failure ? String(failure.stderr) : ''
    expect(stderr).toMatch(/^The storage [^\n]*\n$/m)
  })
})
