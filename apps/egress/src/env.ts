import { availableParallelism } from 'node:os'
import {
  ConfigError,
  integer,
  LIVEKIT_VARIABLES,
  LOG_VARIABLES,
  parseEnvironment,
  S3_VARIABLES,
  url,
  weakServiceSecrets,
  withScheme,
} from '@roomreel/service'
import { z } from 'zod'

/** What the environment says to an egress worker. */
export interface EgressConfig {
  readonly host: string
  readonly port: number
  readonly redisUrl: string
  readonly livekit: { url: string; apiKey: string; apiSecret: string }
  /** Where files go whose request brings no bucket of its own. */
  readonly storage: {
    endpoint: string
    region: string
    bucket: string
    accessKey: string
    secretKey: string
    forcePathStyle: boolean
  }
  readonly dataDir: string
  readonly maxRecordings: number
  /** For how long recordings may go on after SIGTERM. */
  readonly drainMs: number
  readonly logLevel: string
  readonly logFormat: 'json' | 'pretty'
}

const EnvSchema = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  EGRESS_PORT: integer(1, 65_535).default(6081),
  REDIS_URL: z
    .string('must be set to the Redis of livekit-server, such as redis://127.0.0.1:6379')
    .pipe(url('redis:', 'rediss:')),
  ...LIVEKIT_VARIABLES,
  ...S3_VARIABLES,
  DATA_DIR: z.string().default('.data'),
  EGRESS_MAX_RECORDINGS: integer(1, 64).optional(),
  EGRESS_DRAIN_SECONDS: integer(0, 24 * 60 * 60).default(60 * 60),
  ...LOG_VARIABLES,
})

/** Every variable that is read; the table in docs/egress-worker.md has the same. */
export const ENVIRONMENT_NAMES: readonly string[] = Object.keys(EnvSchema.shape)

/** @throws ConfigError with every fault at once */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): EgressConfig {
  const env = parseEnvironment(EnvSchema, environment)
  const isProduction = env.NODE_ENV === 'production'
  const weak = isProduction ? weakServiceSecrets(env) : []
  if (weak.length > 0) throw new ConfigError(weak)
  return {
    host: env.HOST,
    port: env.EGRESS_PORT,
    redisUrl: env.REDIS_URL,
    livekit: {
      url: withScheme(env.LIVEKIT_URL, 'http'),
      apiKey: env.LIVEKIT_API_KEY,
      apiSecret: env.LIVEKIT_API_SECRET,
    },
    storage: {
      endpoint: env.S3_ENDPOINT,
      region: env.AWS_REGION,
      bucket: env.S3_BUCKET,
      accessKey: env.S3_ACCESS_KEY,
      secretKey: env.S3_SECRET_KEY,
      forcePathStyle: true,
    },
    dataDir: env.DATA_DIR,
    maxRecordings: env.EGRESS_MAX_RECORDINGS ?? Math.max(1, availableParallelism()),
    drainMs: env.EGRESS_DRAIN_SECONDS * 1000,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? (isProduction ? 'json' : 'pretty'),
  }
}
