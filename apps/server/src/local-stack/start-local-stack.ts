import type { EgressWorker } from '@roomreel/egress'
import type { LocalLiveKit } from '@roomreel/local-livekit'
import type { LocalS3, LocalS3Options } from '@roomreel/local-s3'
import { OperatorError } from '@roomreel/service'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { ServerConfig } from '../config/env.ts'
import { isLoopback, type Occupant, portOf, probeLiveKit, probeS3 } from './probe.ts'

/** The parts of the stack that this process runs itself. */
export interface LocalStack {
  readonly livekit: LocalLiveKit | undefined
  readonly s3: LocalS3 | undefined
  /** Whether recordings are made here: with the embedded LiveKit, or over Redis with a real one. */
  readonly hasRecorder: boolean
  /** What the recorder here lacks, if there is one and it lacks something. */
  recorderProblem(): string | undefined
  /** Finishes running recordings and uploads them; LiveKit and S3 go on meanwhile. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** A port that is needed is taken by something else. */
export class PortTakenError extends OperatorError {
  override readonly name = 'PortTakenError'
}

/**
 * Runs LiveKit with its recorder, and S3, for each of the two URLs that is on loopback and where nothing answers.
 * What it runs is loaded when it is needed: an app for production has none of it (scripts/build-image.mjs).
 * @throws PortTakenError when something else answers there
 */
export async function startLocalStack(config: ServerConfig, log: Logger): Promise<LocalStack> {
  const { livekit: livekitConfig, s3: s3Config } = config.api
  const s3 = await embed({
    variable: 'S3_ENDPOINT',
    url: s3Config.endpoint,
    config,
    probe: () => probeS3(s3Config),
    start: (port) =>
      startS3({
        dataDir: join(config.dataDir, 's3'),
        host: config.host,
        port,
        accessKey: s3Config.accessKey,
        secretKey: s3Config.secretKey,
        region: s3Config.region,
        buckets: [s3Config.bucket],
        logger: log.child({ part: 's3' }),
      }),
  })
  const livekit = await embed({
    variable: 'LIVEKIT_URL',
    url: livekitConfig.url,
    config,
    probe: () => probeLiveKit(livekitConfig),
    start: async (port) => {
      const { startLocalLiveKit } = await import('@roomreel/local-livekit')
      return startLocalLiveKit({
        host: config.host,
        port,
        apiKey: livekitConfig.apiKey,
        apiSecret: livekitConfig.apiSecret,
        webhookUrls: [`http://127.0.0.1:${config.port}/livekit/webhook`],
        logger: log.child({ part: 'livekit' }),
      })
    },
  })
  const recorder = livekit
    ? await startEmbeddedRecorder(config, livekit, log)
    : await startRedisRecorder(config, log)
  if (livekit && config.redisUrl !== undefined) {
    log.warn(
      { url: livekitConfig.url },
      'no LiveKit answers there, so one is embedded: REDIS_URL is not used',
    )
  }

  return {
    livekit,
    s3,
    hasRecorder: recorder !== undefined,
    recorderProblem: () => recorder?.problem(),
    async drain() {
      await recorder?.drain()
    },
    async close() {
      await recorder?.close()
      await livekit?.close()
      await s3?.close()
    },
  }
}

/** @throws PortTakenError when another one has its folder */
async function startS3(options: LocalS3Options): Promise<LocalS3> {
  const { FolderInUseError, startLocalS3 } = await import('@roomreel/local-s3')
  try {
    return await startLocalS3(options)
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error
    throw new PortTakenError(
      `The data folder is in use by a Roomreel whose S3 is at ${error.url}. Set S3_ENDPOINT to that URL, or DATA_DIR to another folder.`,
      { cause: error },
    )
  }
}

/** What makes recordings in this process. */
interface Recorder {
  problem(): string | undefined
  drain(): Promise<void>
  close(): Promise<void>
}

async function startEmbeddedRecorder(
  config: ServerConfig,
  livekit: LocalLiveKit,
  log: Logger,
): Promise<Recorder> {
  const { startEgressWorker } = await import('@roomreel/egress')
  const worker = await startEgressWorker({
    ...workerOptions(config, log),
    livekit: { ...config.api.livekit, url: livekit.url },
    io: livekit.egressIo,
  })
  livekit.bindEgress(worker)
  warnIfNotReady(worker, log)
  return {
    problem: () => problemOf(worker),
    drain: () => worker.drain(),
    close: () => worker.close(),
  }
}

/** The Egress service of a real LiveKit, where its Redis is known and this process may run more than the app. */
async function startRedisRecorder(config: ServerConfig, log: Logger): Promise<Recorder | undefined> {
  const { redisUrl, localStack } = config
  if (redisUrl === undefined || localStack === 'off') return undefined
  const { startRedisEgress } = await import('@roomreel/egress')
  const egress = await startRedisEgress({ ...workerOptions(config, log), redisUrl })
  warnIfNotReady(egress.worker, log)
  return {
    problem: () => (egress.isConnected ? problemOf(egress.worker) : 'Redis can not be reached.'),
    drain: () => egress.drain(),
    close: () => egress.close(),
  }
}

function workerOptions(config: ServerConfig, log: Logger) {
  const { livekit, s3 } = config.api
  return {
    livekit,
    storage: { ...s3, forcePathStyle: true },
    dataDir: join(config.dataDir, 'egress'),
    logger: log.child({ part: 'egress' }),
  }
}

function problemOf(worker: EgressWorker): string | undefined {
  const readiness = worker.readiness()
  return readiness.ok ? undefined : readiness.reason
}

function warnIfNotReady(worker: EgressWorker, log: Logger): void {
  const reason = problemOf(worker)
  if (reason !== undefined) log.warn({ reason }, 'meetings work, but can not be recorded')
}

interface Embeddable<Server> {
  /** The variable that names its URL. */
  readonly variable: string
  readonly url: string
  readonly config: ServerConfig
  readonly probe: () => Promise<Occupant>
  readonly start: (port: number) => Promise<Server>
}

/** @returns undefined where what is needed answers already, or is not to be embedded */
async function embed<Server>({
  variable,
  url,
  config,
  probe,
  start,
}: Embeddable<Server>): Promise<Server | undefined> {
  if (config.localStack === 'off' || !isLoopback(new URL(url))) return undefined
  const port = portOf(new URL(url))
  const taken = (cause?: unknown) =>
    new PortTakenError(
      `Port ${port} is taken by another program. Set ${variable} to a URL with a free port, or end that program.`,
      { cause },
    )
  const occupant = await probe()
  if (occupant === 'other') throw taken()
  if (occupant === 'wanted') return undefined
  try {
    return await start(port)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    // Somebody was faster: another start of this product, or a stranger
    if ((await probe()) === 'wanted') return undefined
    throw taken(error)
  }
}
