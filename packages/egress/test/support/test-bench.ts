import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { EgressInfo } from '@livekit/protocol'
import { EgressStatus, EncodedFileOutput, RoomCompositeEgressRequest } from '@livekit/protocol'
import type { LocalLiveKit, LocalLiveKitOptions } from '@roomreel/local-livekit'
import { startLocalLiveKit } from '@roomreel/local-livekit'
import type { LocalS3 } from '@roomreel/local-s3'
import { startLocalS3 } from '@roomreel/local-s3'
import { RoomServiceClient } from 'livekit-server-sdk'
import type { EgressIo, EgressWorker, EgressWorkerOptions } from '../../src/index.ts'
import { startEgressWorker } from '../../src/index.ts'
import { waitFor } from './wait-for.ts'

export const API_KEY = 'testkey'
export const API_SECRET = 'a-secret-of-at-least-thirty-two-characters'
export const BUCKET = 'recordings'
const S3_KEYS = { accessKey: 'test-access-key', secretKey: 'test-secret-key' }

/** How to reach the LiveKit of a test. */
export interface TestLiveKit {
  url: string
  apiKey: string
  apiSecret: string
}

/** Remembers all that was reported, and passes it on to the server. */
export class ReportLog implements EgressIo {
  readonly created: EgressInfo[] = []
  readonly updates: EgressInfo[] = []
  readonly #next: EgressIo | null

  constructor(next: EgressIo | null) {
    this.#next = next
  }

  async createEgress(info: EgressInfo): Promise<void> {
    this.created.push(info.clone())
    await this.#next?.createEgress(info)
  }

  async updateEgress(info: EgressInfo): Promise<void> {
    this.updates.push(info.clone())
    await this.#next?.updateEgress(info)
  }

  /** Statuses in the order they came, repetitions left out. */
  statuses(egressId: string): string[] {
    const names = this.updates
      .filter((info) => info.egressId === egressId)
      .map((info) => EgressStatus[info.status])
    return names.filter((name, index) => name !== names[index - 1])
  }

  async status(egressId: string, status: EgressStatus): Promise<EgressInfo> {
    return waitFor(`${EgressStatus[status]} of ${egressId}`, () =>
      this.updates.find((info) => info.egressId === egressId && info.status === status),
    )
  }

  async ended(egressId: string): Promise<EgressInfo> {
    return waitFor(`the end of ${egressId}`, () =>
      this.updates.find((info) => info.egressId === egressId && info.status >= EgressStatus.EGRESS_COMPLETE),
    )
  }
}

export interface TestBenchOptions {
  livekit?: Partial<LocalLiveKitOptions>
  worker?: Partial<EgressWorkerOptions>
}

/** LiveKit, S3 and an egress worker of their own, on free ports and in a folder that is removed. */
export class TestBench implements AsyncDisposable {
  readonly folder: string
  readonly livekit: TestLiveKit
  readonly server: LocalLiveKit
  readonly reports: ReportLog
  readonly rooms: RoomServiceClient
  readonly #options: TestBenchOptions
  readonly #s3Port: number
  #s3: LocalS3 | null
  #worker: EgressWorker | null = null

  private constructor(folder: string, server: LocalLiveKit, s3: LocalS3, options: TestBenchOptions) {
    this.folder = folder
    this.server = server
    this.#s3 = s3
    this.#s3Port = s3.port
    this.#options = options
    this.livekit = { url: server.url, apiKey: API_KEY, apiSecret: API_SECRET }
    this.reports = new ReportLog(server.egressIo)
    this.rooms = new RoomServiceClient(server.url, API_KEY, API_SECRET)
  }

  static async start(options: TestBenchOptions = {}): Promise<TestBench> {
    const folder = await mkdtemp(join(tmpdir(), 'egress-test-'))
    const server = await startLocalLiveKit({
      port: 0,
      apiKey: API_KEY,
      apiSecret: API_SECRET,
      ...options.livekit,
    })
    const s3 = await startLocalS3({ dataDir: join(folder, 's3'), port: 0, buckets: [BUCKET], ...S3_KEYS })
    const bench = new TestBench(folder, server, s3, options)
    await bench.startWorker()
    return bench
  }

  get worker(): EgressWorker {
    if (!this.#worker) throw new Error('No worker is running.')
    return this.#worker
  }

  get dataDir(): string {
    return join(this.folder, 'egress')
  }

  get workerOptions(): EgressWorkerOptions {
    return {
      livekit: this.livekit,
      storage: this.storage,
      dataDir: this.dataDir,
      io: this.reports,
      uploadPauseMs: { first: 100, max: 400 },
      progressIntervalMs: 200,
      ...this.#options.worker,
    }
  }

  get storage() {
    return {
      endpoint: `http://127.0.0.1:${this.#s3Port}`,
      region: 'us-east-1',
      bucket: BUCKET,
      forcePathStyle: true,
      ...S3_KEYS,
    }
  }

  async startWorker(): Promise<EgressWorker> {
    this.#worker = await startEgressWorker(this.workerOptions)
    this.server.bindEgress(this.#worker)
    return this.#worker
  }

  async stopS3(): Promise<void> {
    await this.#s3?.close()
    this.#s3 = null
  }

  async startS3(): Promise<void> {
    this.#s3 = await startLocalS3({
      dataDir: join(this.folder, 's3'),
      port: this.#s3Port,
      buckets: [BUCKET],
      ...S3_KEYS,
    })
  }

  /** Creates a room and starts a recording of it. */
  async record(
    roomName: string,
    request: Partial<RoomCompositeEgressRequest> = {},
    egressId = `EG_${Math.random().toString(36).slice(2, 14)}`,
  ): Promise<EgressInfo> {
    const room = await this.rooms.createRoom({ name: roomName })
    return this.worker.startEgress({
      egressId,
      roomId: room.sid,
      roomName,
      request: compositeRequest(roomName, request),
    })
  }

  async createBucket(name: string): Promise<void> {
    const client = this.#client()
    try {
      await client.send(new CreateBucketCommand({ Bucket: name }))
    } finally {
      client.destroy()
    }
  }

  async objects(): Promise<string[]> {
    const client = this.#client()
    try {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      return Contents.map(({ Key = '' }) => Key)
    } finally {
      client.destroy()
    }
  }

  async download(key: string): Promise<Buffer> {
    const client = this.#client()
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
      if (!Body) throw new Error(`${key} is empty.`)
      return Buffer.from(await Body.transformToByteArray())
    } finally {
      client.destroy()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.close()
    await this.server.close()
    await this.#s3?.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  #client(): S3Client {
    const { endpoint, region, accessKey, secretKey } = this.storage
    return new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    })
  }
}

export function compositeRequest(
  roomName: string,
  request: Partial<RoomCompositeEgressRequest> = {},
): EgressInfo['request'] {
  const fileOutputs = [new EncodedFileOutput({ filepath: 'out/{room_name}', disableManifest: true })]
  return {
    case: 'roomComposite',
    value: new RoomCompositeEgressRequest({ roomName, fileOutputs, ...request }),
  }
}
