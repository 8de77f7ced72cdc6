import type { ApiConfig } from '@roomreel/api'
import { isIP } from 'node:net'
import {
  ConfigError,
  httpUrl,
  integer,
  listOf,
  LIVEKIT_VARIABLES,
  liveKitUrl,
  LOG_VARIABLES,
  parseEnvironment,
  S3_VARIABLES,
  url,
  weakServiceSecrets,
  withScheme,
} from '@roomreel/service'
import { z } from 'zod'

/** What the environment says. `undefined` where a default is made elsewhere (secrets kept in the data folder). */
export interface ServerConfig {
  readonly host: string
  readonly port: number
  readonly localStack: 'auto' | 'off'
  readonly dataDir: string
  readonly logLevel: string
  readonly logFormat: 'json' | 'pretty'
  readonly redisUrl: string | undefined
  /** For how long requests are served as ever after the process was told to end: others hear of it late. */
  readonly shutdownDelayMs: number
  /** Sources of CSP that may show the pages in a frame. */
  readonly frameAncestors: readonly string[]
  /** Addresses, networks (CIDR) and their names (loopback, linklocal, uniquelocal) that proxies have. */
  readonly trustedProxies: readonly string[]
  readonly auditLog: 's3' | 'stdout' | 'off'
  readonly adminPassword: string | undefined
  readonly sessionSecret: string | undefined
  readonly api: Omit<ApiConfig, 'adminPassword' | 'sessionSecret'>
}

/** A load balancer, or Kubernetes' endpoints, take about that long to send people elsewhere. */
const PRODUCTION_DELAY_SECONDS = 5
/** Shortest secrets that production accepts, in characters. */
const MIN_SESSION_SECRET = 32
const MIN_ADMIN_PASSWORD = 12

const isFrameAncestor = (source: string) =>
  source === "'self'" || /^https?:\/\/(?:\*\.)?[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?$/.test(source)

const isProxy = (address: string) => {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(address)) return true
  const [ip = '', bits, ...rest] = address.split('/')
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(ip)] ?? 0
  return (
    longest > 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= longest))
  )
}

const EnvSchema = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  SERVER_PORT: integer(1, 65_535).default(6080),
  ...LIVEKIT_VARIABLES,
  LIVEKIT_PUBLIC_URL: liveKitUrl().optional(),
  ...S3_VARIABLES,
  S3_PUBLIC_ENDPOINT: httpUrl().optional(),
  RECORDINGS_PATH: z
    .string()
    .regex(/^(?!\/)[^\\]*$/, 'must be a key prefix such as recordings/, without a slash at its beginning')
    .transform((path) => (path === '' || path.endsWith('/') ? path : `${path}/`))
    .default('recordings/'),
  RECORDING_PLAYBACK_STRATEGY: z.enum(['S3', 'PROXY'], 'must be S3 or PROXY').default('S3'),
  RECORDING_FILE_PORTION_SIZE: integer(1, 1024 ** 3).default(5 * 1024 * 1024),
  PLAYBACK_URL_SECONDS: integer(10, 24 * 60 * 60).default(60 * 60),
  ADMIN_PASSWORD: z.string().optional(),
  SESSION_SECRET: z.string().optional(),
  LOCAL_STACK: z.enum(['auto', 'off'], 'must be auto or off').optional(),
  DATA_DIR: z.string().default('.data'),
  EGRESS_S3_UPLOAD: z.enum(['server', 'request'], 'must be server or request').default('server'),
  AUDIT_LOG: z.enum(['s3', 'stdout', 'off'], 'must be s3, stdout or off').default('s3'),
  APP_NAME: z.string().default('openvidu-recording-advanced-node'),
  FRAME_ANCESTORS: listOf(
    isFrameAncestor,
    "must be origins such as https://intranet.example.com, or 'self'",
  ).default([]),
  TRUSTED_PROXIES: listOf(
    isProxy,
    'must be addresses or networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
  ).default(['loopback']),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  SHUTDOWN_DELAY_SECONDS: integer(0, 600).optional(),
  ...LOG_VARIABLES,
})

type Env = z.infer<typeof EnvSchema>

/** Every variable that is read; the README's table has the same. */
export const ENVIRONMENT_NAMES: readonly string[] = Object.keys(EnvSchema.shape)

/**
 * Reads the environment. An empty value counts as not set.
 * @throws ConfigError with every fault at once
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const env = parseEnvironment(EnvSchema, environment)
  const isProduction = env.NODE_ENV === 'production'
  const weak = isProduction ? weakSecrets(env) : []
  if (weak.length > 0) throw new ConfigError(weak)

  return {
    host: env.HOST,
    port: env.SERVER_PORT,
    localStack: isProduction ? 'off' : (env.LOCAL_STACK ?? 'auto'),
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? (isProduction ? 'json' : 'pretty'),
    redisUrl: env.REDIS_URL,
    shutdownDelayMs: 1000 * (env.SHUTDOWN_DELAY_SECONDS ?? (isProduction ? PRODUCTION_DELAY_SECONDS : 0)),
    frameAncestors: env.FRAME_ANCESTORS,
    trustedProxies: env.TRUSTED_PROXIES,
    auditLog: env.AUDIT_LOG,
    adminPassword: env.ADMIN_PASSWORD,
    sessionSecret: env.SESSION_SECRET,
    api: {
      appName: env.APP_NAME,
      livekit: {
        url: withScheme(env.LIVEKIT_URL, 'http'),
        publicUrl: withScheme(env.LIVEKIT_PUBLIC_URL ?? env.LIVEKIT_URL, 'ws'),
        apiKey: env.LIVEKIT_API_KEY,
        apiSecret: env.LIVEKIT_API_SECRET,
      },
      s3: {
        endpoint: env.S3_ENDPOINT,
        publicEndpoint: env.S3_PUBLIC_ENDPOINT ?? env.S3_ENDPOINT,
        region: env.AWS_REGION,
        bucket: env.S3_BUCKET,
        accessKey: env.S3_ACCESS_KEY,
        secretKey: env.S3_SECRET_KEY,
      },
      recordingsPath: env.RECORDINGS_PATH,
      playbackStrategy: env.RECORDING_PLAYBACK_STRATEGY,
      playbackUrlSeconds: env.PLAYBACK_URL_SECONDS,
      filePortionSizeBytes: env.RECORDING_FILE_PORTION_SIZE,
      egressS3Upload: env.EGRESS_S3_UPLOAD,
    },
  }
}

function weakSecrets(env: Env): string[] {
  return [
    ...weakServiceSecrets(env),
    ...tooShort('SESSION_SECRET', env.SESSION_SECRET, MIN_SESSION_SECRET),
    ...tooShort('ADMIN_PASSWORD', env.ADMIN_PASSWORD, MIN_ADMIN_PASSWORD),
  ]
}

/** One that is not set is made, and long. */
function tooShort(name: string, value: string | undefined, minLength: number): string[] {
  return value !== undefined && value.length < minLength
    ? [`${name} must have at least ${minLength} characters in production`]
    : []
}
