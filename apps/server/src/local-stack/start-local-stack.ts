import { type EgressWorker, startEgressWorker } from '@roomreel/egress'
import { type LocalLiveKit, startLocalLiveKit } from '@roomreel/local-livekit'
import { type LocalS3, startLocalS3 } from '@roomreel/local-s3'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { ServerConfig } from '../config/env.ts'
import { isLoopback, type Occupant, portOf, probeLiveKit, probeS3 } from './probe.ts'

/** The parts of the stack that this process runs itself. */
export interface LocalStack {
  readonly livekit: LocalLiveKit | undefined
  readonly s3: LocalS3 | undefined
  readonly egress: EgressWorker | undefined
  /** Finishes running recordings and uploads them; LiveKit and S3 go on meanwhile. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** A port that is needed is taken by something else. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
}

/**
 * Runs LiveKit with its recorder, and S3, for each of the two URLs that is on loopback and where nothing answers.
 * @throws PortTakenError when something else answers there
 */
export async function startLocalStack(config: ServerConfig, log: Logger): Promise<LocalStack> {
  const { livekit: livekitConfig, s3: s3Config } = config.api
  const s3 = (await isEmbedded('S3_ENDPOINT', s3Config.endpoint, config, () => probeS3(s3Config)))
    ? await startLocalS3({
        dataDir: join(config.dataDir, 's3'),
        host: config.host,
        port: portOf(new URL(s3Config.endpoint)),
        accessKey: s3Config.accessKey,
        secretKey: s3Config.secretKey,
        region: s3Config.region,
        buckets: [s3Config.bucket],
        logger: log.child({ part: 's3' }),
      })
    : undefined
  const livekit = (await isEmbedded('LIVEKIT_URL', livekitConfig.url, config, () =>
    probeLiveKit(livekitConfig),
  ))
    ? await startLocalLiveKit({
        host: config.host,
        port: portOf(new URL(livekitConfig.url)),
        apiKey: livekitConfig.apiKey,
        apiSecret: livekitConfig.apiSecret,
        webhookUrls: [`http://127.0.0.1:${config.port}/livekit/webhook`],
        logger: log.child({ part: 'livekit' }),
      })
    : undefined
  const egress = livekit && (await startEgress(config, livekit, log))
  if (livekit && egress) livekit.bindEgress(egress)

  return {
    livekit,
    s3,
    egress,
    async drain() {
      await egress?.drain()
    },
    async close() {
      await egress?.close()
      await livekit?.close()
      await s3?.close()
    },
  }
}

async function startEgress(config: ServerConfig, livekit: LocalLiveKit, log: Logger): Promise<EgressWorker> {
  const { livekit: livekitConfig, s3 } = config.api
  const egress = await startEgressWorker({
    livekit: { url: livekit.url, apiKey: livekitConfig.apiKey, apiSecret: livekitConfig.apiSecret },
    storage: {
      endpoint: s3.endpoint,
      region: s3.region,
      bucket: s3.bucket,
      accessKey: s3.accessKey,
      secretKey: s3.secretKey,
      forcePathStyle: true,
    },
    dataDir: join(config.dataDir, 'egress'),
    io: livekit.egressIo,
    logger: log.child({ part: 'egress' }),
  })
  const readiness = egress.readiness()
  if (!readiness.ok) log.warn({ reason: readiness.reason }, 'meetings work, but can not be recorded')
  return egress
}

async function isEmbedded(
  variable: string,
  url: string,
  config: ServerConfig,
  probe: () => Promise<Occupant>,
): Promise<boolean> {
  if (config.localStack === 'off' || !isLoopback(new URL(url))) return false
  const occupant = await probe()
  if (occupant === 'other') {
    throw new PortTakenError(
      `Port ${portOf(new URL(url))} is taken by another program. Set ${variable} to a URL with a free port, or end that program.`,
    )
  }
  return occupant === 'nothing'
}
