import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startLocalS3, type LocalS3 } from '@roomreel/local-s3'
import {
  startLiveKitServer,
  startRedisServer,
  type LiveKitServer,
  type RedisServer,
} from '@roomreel/real-stack'
import type { EgressInfo } from 'livekit-server-sdk'
import {
  EgressClient,
  EgressStatus,
  EncodedFileOutput,
  EncodingOptions,
  RoomServiceClient,
} from 'livekit-server-sdk'
import type { RedisEgressOptions } from '../../src/index.ts'
import { API_KEY, API_SECRET, BUCKET, type TestLiveKit } from './test-bench.ts'
import { waitFor } from './wait-for.ts'

const S3_KEYS = { accessKey: 'test-access-key', secretKey: 'test-secret-key' }
/** Of a worker that is gone, until others end what it had. */
export const LEASE_SECONDS = 2

/** The real livekit-server with Redis, and an S3, for workers that come in by Redis. */
export class RedisBench implements AsyncDisposable {
  readonly folder: string
  redis: RedisServer
  server: LiveKitServer
  readonly s3: LocalS3
  readonly rooms: RoomServiceClient
  readonly egress: EgressClient
  readonly #children = new Set<ChildProcess>()

  private constructor(folder: string, redis: RedisServer, server: LiveKitServer, s3: LocalS3) {
    this.folder = folder
    this.redis = redis
    this.server = server
    this.s3 = s3
    this.rooms = new RoomServiceClient(server.url, API_KEY, API_SECRET)
    this.egress = new EgressClient(server.url, API_KEY, API_SECRET)
  }

  static async start(): Promise<RedisBench> {
    const folder = await mkdtemp(join(tmpdir(), 'egress-redis-'))
    const redis = await startRedisServer()
    const server = await startLiveKitServer({ apiKey: API_KEY, apiSecret: API_SECRET, redisPort: redis.port })
    const s3 = await startLocalS3({ dataDir: join(folder, 's3'), port: 0, buckets: [BUCKET], ...S3_KEYS })
    return new RedisBench(folder, redis, server, s3)
  }

  get livekit(): TestLiveKit {
    return { url: this.server.url, apiKey: API_KEY, apiSecret: API_SECRET }
  }

  /** @param name of the worker, and of its folder */
  workerOptions(name: string): Omit<RedisEgressOptions, 'logger'> {
    return {
      redisUrl: this.redis.url,
      leaseSeconds: LEASE_SECONDS,
      livekit: this.livekit,
      storage: {
        endpoint: `http://127.0.0.1:${this.s3.port}`,
        region: 'us-east-1',
        bucket: BUCKET,
        forcePathStyle: true,
        ...S3_KEYS,
      },
      dataDir: join(this.folder, name),
      maxConcurrent: 2,
      recoveryIntervalMs: 500,
      uploadPauseMs: { first: 100, max: 400 },
    }
  }

  /** A worker in a process of its own, which can be killed. Resolves when Redis knows it. */
  async forkWorker(name: string): Promise<ChildProcess> {
    const child = fork(new URL('redis-worker-process.mjs', import.meta.url))
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    child.send(this.workerOptions(name))
    await once(child, 'message')
    return child
  }

  /** Starts a small recording, as an app does. */
  async record(room: string): Promise<EgressInfo> {
    await this.rooms.createRoom({ name: room })
    return this.egress.startRoomCompositeEgress(
      room,
      new EncodedFileOutput({ filepath: `out/${room}`, disableManifest: true }),
      { encodingOptions: new EncodingOptions({ width: 640, height: 360, framerate: 15 }) },
    )
  }

  /** What livekit-server knows of an egress once it has a status, or a later one. */
  reached(egressId: string, status: EgressStatus, limitMs?: number): Promise<EgressInfo> {
    const what = `${EgressStatus[status]} of ${egressId}`
    return waitFor(
      what,
      async () => (await this.known(egressId)).find((info) => info.status >= status),
      limitMs,
    )
  }

  /** Empty while the server can't be reached. */
  async known(egressId: string): Promise<EgressInfo[]> {
    return this.egress.listEgress({ egressId }).catch(() => [])
  }

  async recordedSeconds(egressId: string, seconds: number): Promise<void> {
    const { startedAt } = await this.reached(egressId, EgressStatus.EGRESS_ACTIVE)
    const until = Number(startedAt / 1_000_000n) + seconds * 1000
    await waitFor(`${seconds} s of recording`, () => Date.now() >= until)
  }

  async download(key: string): Promise<Buffer> {
    const { storage } = this.workerOptions('download')
    const client = new S3Client({
      endpoint: storage.endpoint,
      region: storage.region,
      forcePathStyle: true,
      credentials: { accessKeyId: storage.accessKey, secretAccessKey: storage.secretKey },
    })
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
      return Buffer.from((await Body?.transformToByteArray()) ?? [])
    } finally {
      client.destroy()
    }
  }

  async restartRedis(): Promise<void> {
    const { port } = this.redis
    await this.redis.stop()
    this.redis = await startRedisServer(port)
  }

  async restartServer(): Promise<void> {
    const { ports } = this.server
    await this.server.stop()
    const redisPort = this.redis.port
    this.server = await startLiveKitServer({ apiKey: API_KEY, apiSecret: API_SECRET, redisPort, ports })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL')
    await this.server.stop()
    await this.redis.stop()
    await this.s3.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
