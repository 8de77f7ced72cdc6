import type { Logger } from 'pino'
import type { StorageTarget } from '../request/recording-plan.ts'
import type { EgressIo } from './info-reporter.ts'

export interface EgressWorkerOptions {
  /** The LiveKit to record from: http(s) or ws(s) URL and an API key of it. */
  livekit: { url: string; apiKey: string; apiSecret: string }
  /** The worker's own bucket, where the request brings no upload settings. */
  storage: {
    endpoint: string
    region: string
    bucket: string
    accessKey: string
    secretKey: string
    forcePathStyle: boolean
  }
  /** Journal and files live here until S3 has them. Made if it is not there. */
  dataDir: string
  io: EgressIo
  /** Default: silent. */
  logger?: Logger
  /** Recordings at a time. Default 4. */
  maxConcurrent?: number
  /** Longest recording. Default 6 hours. */
  maxDurationSeconds?: number
  /** How long joining the room may take. Default 30 s. */
  joinTimeoutMs?: number
  /** How long a lost connection is tried anew. Default 2 minutes. */
  rejoinTimeoutMs?: number
  /** Pace of a recorder process's heartbeat. Default 1 s. */
  heartbeatMs?: number
  /** A recorder process that is silent for this long is killed. Default 20 s. */
  silenceLimitMs?: number
  /** Pace at which `updatedAt` moves while a file waits for S3. Default 10 s. */
  progressIntervalMs?: number
  /** First and longest pause between attempts to upload. Default 1 s and 30 s. */
  uploadPauseMs?: { first: number; max: number }
  /** How long a bucket that refuses (wrong keys, no such bucket) is tried. Default 5 minutes. */
  uploadRejectedLimitMs?: number
  /** Pace at which the data folder is searched for recordings nobody looks after. Default 5 s. */
  recoveryIntervalMs?: number
  /** The module that brings the encoder. Default `node-av/lib`. */
  encoderModule?: string
}

/** The options with their defaults. */
export type WorkerSettings = Required<Omit<EgressWorkerOptions, 'storage' | 'logger'>> & {
  storage: StorageTarget
  logger: Logger
}

export function workerSettings(options: EgressWorkerOptions, silent: Logger): WorkerSettings {
  const { storage, logger = silent, ...rest } = options
  return {
    maxConcurrent: 4,
    maxDurationSeconds: 6 * 3600,
    joinTimeoutMs: 30_000,
    rejoinTimeoutMs: 120_000,
    heartbeatMs: 1000,
    silenceLimitMs: 20_000,
    progressIntervalMs: 10_000,
    uploadPauseMs: { first: 1000, max: 30_000 },
    uploadRejectedLimitMs: 300_000,
    recoveryIntervalMs: 5000,
    encoderModule: 'node-av/lib',
    ...rest,
    logger,
    storage: { ...storage, sessionToken: '', metadata: {}, tagging: '', contentDisposition: '' },
  }
}
