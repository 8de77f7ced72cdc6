import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@roomreel/tooling/free-port'
import { answers, runProgram, type RunningProgram } from './run-program.ts'
import { startLiveKitServer, type LiveKitServer } from './start-livekit-server.ts'
import { startMinio, type Minio } from './start-minio.ts'
import { startRedisServer, type RedisServer } from './start-redis-server.ts'

const KEYS = { apiKey: 'devkey', apiSecret: 'a-livekit-secret-of-32-characters-or-more' }
/** The defaults of the product, which its tests rely on. */
const S3_KEYS = { accessKey: 'minioadmin', secretKey: 'minioadmin' }
const BUCKET = 'openvidu-appdata'

export interface RealStackOptions {
  /** Where LiveKit sends its webhooks. */
  webhookUrl: string
  /** The built main module of the egress worker. */
  egressMain: string
  /** Of the egress worker. Default 4. */
  maxRecordings?: number
}

/** All that the app needs in production, each a process on loopback that can be stopped and started again. */
export interface RealStack extends AsyncDisposable {
  /** What the app, with nothing embedded, is to be told of it. */
  readonly environment: Readonly<Record<string, string>>
  readonly redis: RedisServer
  readonly livekit: LiveKitServer
  readonly minio: Minio
  readonly egress: RunningProgram
  /** Each comes back at the same place with the same data. */
  restartRedis(): Promise<void>
  restartLiveKit(): Promise<void>
  startMinioAgain(): Promise<void>
  /** @param more environment than it had, such as another key */
  startEgressAgain(more?: Readonly<Record<string, string>>): Promise<void>
}

/** Starts livekit-server, Redis, MinIO with its bucket, and an egress worker. */
export async function startRealStack(options: RealStackOptions): Promise<RealStack> {
  const { webhookUrl, egressMain, maxRecordings = 4 } = options
  const folder = await mkdtemp(join(tmpdir(), 'roomreel-real-'))
  const startMinioAt = (port?: number): Promise<Minio> =>
    startMinio({
      ...S3_KEYS,
      buckets: [BUCKET],
      folder: join(folder, 's3'),
      ...(port !== undefined && { port }),
    })
  let [redis, minio] = await Promise.all([startRedisServer(), startMinioAt()])
  const livekitOptions = { ...KEYS, redisPort: redis.port, webhookUrls: [webhookUrl] }
  let livekit = await startLiveKitServer(livekitOptions)
  const environment = {
    LOCAL_STACK: 'off',
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: KEYS.apiKey,
    LIVEKIT_API_SECRET: KEYS.apiSecret,
    S3_ENDPOINT: minio.url,
    S3_ACCESS_KEY: S3_KEYS.accessKey,
    S3_SECRET_KEY: S3_KEYS.secretKey,
    S3_BUCKET: BUCKET,
  }
  const startEgress = async (more: Readonly<Record<string, string>> = {}): Promise<RunningProgram> => {
    const port = await freePort()
    return runProgram({
      name: process.execPath,
      args: [egressMain],
      env: {
        ...environment,
        REDIS_URL: redis.url,
        DATA_DIR: folder,
        EGRESS_PORT: String(port),
        EGRESS_MAX_RECORDINGS: String(maxRecordings),
        LOG_FORMAT: 'json',
        LOG_LEVEL: 'debug',
        ...more,
      },
      isReady: () => answers(`http://127.0.0.1:${port}/readyz`),
    })
  }
  let egress = await startEgress()
  return {
    environment,
    get redis() {
      return redis
    },
    get livekit() {
      return livekit
    },
    get minio() {
      return minio
    },
    get egress() {
      return egress
    },
    async restartRedis() {
      await redis.stop()
      redis = await startRedisServer(redis.port)
    },
    async restartLiveKit() {
      await livekit.stop()
      livekit = await startLiveKitServer({ ...livekitOptions, ports: livekit.ports })
    },
    async startMinioAgain() {
      minio = await startMinioAt(minio.port)
    },
    async startEgressAgain(more) {
      egress = await startEgress(more)
    },
    async [Symbol.asyncDispose]() {
      await egress.stop()
      await Promise.all([livekit.stop(), minio.stop(), redis.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
