import { type EgressWorker, startEgressWorker } from '@roomreel/egress'
import { type LocalLiveKit, startLocalLiveKit } from '@roomreel/local-livekit'
import { type LocalS3, startLocalS3 } from '@roomreel/local-s3'
import { S3Client } from '@aws-sdk/client-s3'
import { EgressClient, RoomServiceClient } from 'livekit-server-sdk'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import { withSmallPictures } from './small-pictures.ts'
import { openWebhookGate, type WebhookGate } from './webhook-gate.ts'

export const LIVEKIT_KEYS = { apiKey: 'devkey', apiSecret: 'secret' } as const
export const S3_KEYS = { accessKey: 'minioadmin', secretKey: 'minioadmin' } as const
export const BUCKET = 'openvidu-appdata'

/** LiveKit, its recorder and S3: what outlives the application. Clients of it go past all gates. */
export interface Stack extends AsyncDisposable {
  readonly folder: string
  readonly livekit: LocalLiveKit
  readonly s3: LocalS3
  readonly webhooks: WebhookGate
  readonly rooms: RoomServiceClient
  readonly egresses: EgressClient
  readonly objects: S3Client
  /** SIGKILL of the process that makes one recording. */
  killRecorder(egressId: string): Promise<void>
}

export async function startStack(): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'roomreel-faults-'))
  const s3 = await startLocalS3({ dataDir: join(folder, 's3'), ...S3_KEYS, buckets: [BUCKET] })
  const webhooks = await openWebhookGate(LIVEKIT_KEYS)
  const livekit = await startLocalLiveKit({
    ...LIVEKIT_KEYS,
    webhookUrls: [webhooks.url],
    // Everyone has left: nobody is waited for
    departureTimeoutSeconds: 1,
  })
  const worker: EgressWorker = await startEgressWorker({
    livekit: { url: livekit.url, ...LIVEKIT_KEYS },
    storage: { endpoint: s3.url, region: 'us-east-1', bucket: BUCKET, ...S3_KEYS, forcePathStyle: true },
    dataDir: join(folder, 'egress'),
    io: livekit.egressIo,
    maxConcurrent: 64,
  })
  livekit.bindEgress(withSmallPictures(worker))
  const objects = new S3Client({
    endpoint: s3.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: S3_KEYS.accessKey, secretAccessKey: S3_KEYS.secretKey },
  })
  return {
    folder,
    livekit,
    s3,
    webhooks,
    rooms: new RoomServiceClient(livekit.url, LIVEKIT_KEYS.apiKey, LIVEKIT_KEYS.apiSecret),
    egresses: new EgressClient(livekit.url, LIVEKIT_KEYS.apiKey, LIVEKIT_KEYS.apiSecret),
    objects,
    async killRecorder(egressId) {
      const pidFile = join(folder, 'egress', egressId, 'recorder.alive')
      // It says who it is a moment after it was started
      const pid = await eventually('the recorder is there', async () =>
        readFile(pidFile, 'utf8').catch(() => undefined),
      )
      process.kill(Number(pid), 'SIGKILL')
    },
    async [Symbol.asyncDispose]() {
      objects.destroy()
      await worker.close()
      await livekit.close()
      await webhooks[Symbol.asyncDispose]()
      await s3.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
