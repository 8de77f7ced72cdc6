import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startLiveKitServer, startMinio, startRedisServer } from '@roomreel/real-stack'
import { freePort } from '@roomreel/tooling/free-port'
import { EgressClient, EgressStatus, EncodedFileOutput, RoomServiceClient } from 'livekit-server-sdk'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const KEYS = { apiKey: 'testkey', apiSecret: 'a-secret-of-at-least-thirty-two-characters' }
const S3_KEYS = { accessKey: 'minio-access-key', secretKey: 'minio-secret-key-16' }
const PATIENT = { timeout: 40_000, interval: 100 }

const undo: (() => Promise<void>)[] = []
let environment: Record<string, string>
let egress: EgressClient
let rooms: RoomServiceClient
let base: string

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'egress-process-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  const redis = await startRedisServer()
  undo.push(() => redis.stop())
  const livekit = await startLiveKitServer({ ...KEYS, redisPort: redis.port })
  undo.push(() => livekit.stop())
  const minio = await startMinio({ ...S3_KEYS, buckets: ['recordings'] })
  undo.push(() => minio.stop())
  egress = new EgressClient(livekit.url, KEYS.apiKey, KEYS.apiSecret)
  rooms = new RoomServiceClient(livekit.url, KEYS.apiKey, KEYS.apiSecret)
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  environment = {
    NODE_ENV: 'production',
    REDIS_URL: redis.url,
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: KEYS.apiKey,
    LIVEKIT_API_SECRET: KEYS.apiSecret,
    S3_ENDPOINT: minio.url,
    S3_ACCESS_KEY: S3_KEYS.accessKey,
    S3_SECRET_KEY: S3_KEYS.secretKey,
    S3_BUCKET: 'recordings',
    DATA_DIR: folder,
    EGRESS_PORT: String(port),
    EGRESS_MAX_RECORDINGS: '2',
  }
})

afterAll(async () => {
  for (const end of undo.toReversed()) await end()
})

/** Resolves when the worker can take recordings. */
async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [MAIN], { env: { ...process.env, ...environment }, stdio: 'ignore' })
  undo.push(async () => void worker.kill('SIGKILL'))
  await vi.waitFor(async () => expect((await fetch(`${base}/readyz`)).status).toBe(200), PATIENT)
  return worker
}

async function record(room: string): Promise<string> {
  await rooms.createRoom({ name: room })
  const file = new EncodedFileOutput({ filepath: `out/${room}`, disableManifest: true })
  const { egressId } = await egress.startRoomCompositeEgress(room, file)
  await reaches(egressId, EgressStatus.EGRESS_ACTIVE)
  return egressId
}

async function reaches(egressId: string, status: EgressStatus): Promise<void> {
  await vi.waitFor(async () => {
    const [info] = await egress.listEgress({ egressId })
    expect(info && EgressStatus[info.status]).toBe(EgressStatus[status])
  }, PATIENT)
}

async function exitOf(worker: ChildProcess): Promise<number | null> {
  await once(worker, 'exit')
  return worker.exitCode
}

test('a worker says that it lives, what it does, and after SIGTERM ends when its recording is stopped and saved', async () => {
  const worker = await startWorker()
  expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'ok' })
  const egressId = await record('drain')
  const metrics = await (await fetch(`${base}/metrics`)).text()
  expect(metrics).toContain('roomreel_egress_recordings 1')
  expect(metrics).toContain('roomreel_egress_free_share 0.5')
  expect(metrics).toContain('roomreel_egress_reports_total{status="active"} 1')

  const exited = exitOf(worker)
  worker.kill('SIGTERM')
  await vi.waitFor(async () => expect((await fetch(`${base}/readyz`)).status).toBe(503), PATIENT)
  await reaches(egressId, EgressStatus.EGRESS_ACTIVE)
  await egress.stopEgress(egressId)
  await reaches(egressId, EgressStatus.EGRESS_COMPLETE)
  expect(await exited).toBe(0)
})

test('SIGINT ends recordings at once, and saves them before the process ends', async () => {
  const worker = await startWorker()
  const egressId = await record('interrupted')
  const exited = exitOf(worker)
  worker.kill('SIGINT')
  expect(await exited).toBe(0)
  const [info] = await egress.listEgress({ egressId })
  expect(info && EgressStatus[info.status]).toMatch(/COMPLETE|ABORTED/)
  expect(Number(info?.fileResults[0]?.size)).toBeGreaterThan(0)
})
