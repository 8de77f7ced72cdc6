import { startLocalS3 } from '@roomreel/local-s3'
import type { RecordingInfo } from '@roomreel/contracts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pMap from 'p-map'
import { pino } from 'pino'
import { createServices } from '../../src/create-services.ts'
import { unmeasured } from '../../src/metrics/metrics.ts'
import type { Services } from '../../src/services.ts'

const CREDENTIALS = { accessKey: 'access', secretKey: 'secret' }
const BUCKET = 'bucket'

/** A process that shares the library with others; it counts what it asks S3. */
export interface Replica extends Services {
  /** Calls of an operation (`list`, `get`, `put`) since the last time it was asked. */
  calls(operation: string): number
}

/** A bucket of its own, and processes that look at it. */
export interface Library extends AsyncDisposable {
  replica(now?: () => number): Replica
  /** Writes metadata as somebody would who knows nothing of this app. */
  write(recordings: readonly RecordingInfo[]): Promise<void>
  erase(recordingName: string): Promise<void>
}

export async function startLibrary(): Promise<Library> {
  const dataDir = await mkdtemp(join(tmpdir(), 'library-'))
  const s3 = await startLocalS3({ dataDir, ...CREDENTIALS, buckets: [BUCKET] })
  const replicas: Replica[] = []
  const replica = (now: () => number = Date.now): Replica => {
    const counts = new Map<string, number>()
    const services = createServices(
      {
        appName: 'test',
        livekit: { url: s3.url, publicUrl: s3.url, apiKey: 'key', apiSecret: 'secret' },
        s3: { endpoint: s3.url, publicEndpoint: s3.url, region: 'us-east-1', bucket: BUCKET, ...CREDENTIALS },
        recordingsPath: 'recordings/',
        playbackStrategy: 'S3',
        playbackUrlSeconds: 3_600,
        filePortionSizeBytes: 1_000_000,
        egressS3Upload: 'server',
        adminPassword: 'password',
        sessionSecret: 'secret',
      },
      pino({ level: 'silent' }),
      now,
      {
        ...unmeasured,
        s3Call: (operation) => {
          counts.set(operation, (counts.get(operation) ?? 0) + 1)
        },
      },
    )
    const one = {
      ...services,
      calls(operation: string) {
        const count = counts.get(operation) ?? 0
        counts.delete(operation)
        return count
      },
    }
    replicas.push(one)
    return one
  }
  const somebody = replica()
  return {
    replica,
    async write(recordings) {
      const { objects, keys } = somebody
      await pMap(recordings, (each) => objects.putJson(keys.metadata(each.name), each), { concurrency: 64 })
    },
    erase: (recordingName) => somebody.objects.delete(somebody.keys.metadata(recordingName)),
    async [Symbol.asyncDispose]() {
      for (const { index, objects } of replicas) {
        await index.close()
        objects.close()
      }
      await s3.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const DAY_MS = 86_400_000
const FIRST_START = Date.UTC(2026, 0, 1, 8)

/** A recording as Egress would name it; the higher the number, the newer. */
export function recordingNumber(number: number, changes: Partial<RecordingInfo> = {}): RecordingInfo {
  const startedAt = FIRST_START + number * (DAY_MS / 24)
  const roomName = `Board ${number % 7}`
  const roomId = `RM_${String(number % 50).padStart(12, 'x')}`
  const time = new Date(startedAt).toISOString().replace(/:/g, '').replace(/\..*/, '')
  return {
    id: `EG_${number}`,
    name: `${roomName}-${roomId}-${time}.mp4`,
    roomName,
    roomId,
    startedAt: startedAt + 437,
    duration: 12.5,
    size: 10_000,
    status: 'COMPLETE',
    ...changes,
  }
}

export function recordingNumbers(count: number): RecordingInfo[] {
  return Array.from({ length: count }, (_none, number) => recordingNumber(number))
}
