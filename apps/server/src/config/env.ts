import type { ApiConfig } from '@roomreel/api'
import { isIP } from 'node:net'
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
  /** Sources of CSP that may show the pages in a frame. */
  readonly frameAncestors: readonly string[]
  /** Addresses, networks (CIDR) and their names (loopback, linklocal, uniquelocal) that proxies have. */
  readonly trustedProxies: readonly string[]
  readonly auditLog: 's3' | 'stdout' | 'off'
  readonly adminPassword: string | undefined
  readonly sessionSecret: string | undefined
  readonly api: Omit<ApiConfig, 'adminPassword' | 'sessionSecret'>
}

/** All that is wrong with the environment, in one message for whoever set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly faults: readonly string[]) {
    super(`The environment is not right:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
  }
}

const DEFAULT_LIVEKIT_SECRET = 'secret'
const DEFAULT_S3_SECRET = 'minioadmin'
/** Shortest secrets that production accepts, in characters. */
const MIN_SERVICE_SECRET = 16
const MIN_SESSION_SECRET = 32
const MIN_ADMIN_PASSWORD = 12

const url = (...protocols: string[]) =>
  z.string().transform((text, context) => {
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text.replace(/\/+$/, '')
    context.addIssue({
      code: 'custom',
      message: `must be a URL that begins with ${protocols.join('// or ')}//`,
    })
    return z.NEVER
  })

const httpUrl = () => url('http:', 'https:')
const liveKitUrl = () => url('http:', 'https:', 'ws:', 'wss:')

/** A number of whole units, written in digits. */
const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))

/** Several, with blanks or commas between them. */
const listOf = (isRight: (each: string) => boolean, message: string) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
    .refine((all) => all.every(isRight), message)

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
  LIVEKIT_URL: liveKitUrl().default('http://localhost:7880'),
  LIVEKIT_PUBLIC_URL: liveKitUrl().optional(),
  LIVEKIT_API_KEY: z.string().default('devkey'),
  LIVEKIT_API_SECRET: z.string().default(DEFAULT_LIVEKIT_SECRET),
  S3_ENDPOINT: httpUrl().default('http://localhost:9000'),
  S3_PUBLIC_ENDPOINT: httpUrl().optional(),
  S3_ACCESS_KEY: z.string().default('minioadmin'),
  S3_SECRET_KEY: z.string().default(DEFAULT_S3_SECRET),
  AWS_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'must be a bucket name: 3 to 63 small letters, digits, dots and hyphens',
    )
    .default('openvidu-appdata'),
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
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be a level such as info or debug',
    )
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], 'must be json or pretty').optional(),
})

type Env = z.infer<typeof EnvSchema>

/** Every variable that is read; the README's table has the same. */
export const ENVIRONMENT_NAMES: readonly string[] = Object.keys(EnvSchema.shape)

/**
 * Reads the environment. An empty value counts as not set.
 * @throws ConfigError with every fault at once
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = EnvSchema.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const env = parsed.data
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

/** The same URL as `http(s)` for calls or `ws(s)` for browsers; whether it is encrypted stays as it is. */
function withScheme(text: string, scheme: 'http' | 'ws'): string {
  return text.replace(/^(?:http|ws)(s?):/, `${scheme}$1:`)
}

function weakSecrets(env: Env): string[] {
  const faults: string[] = []
  const check = (name: keyof Env, value: string | undefined, minLength: number, defaultValue?: string) => {
    if (value === undefined) return
    if (value === defaultValue) faults.push(`${name} must not be the default in production`)
    else if (value.length < minLength)
      faults.push(`${name} must have at least ${minLength} characters in production`)
  }
  check('LIVEKIT_API_SECRET', env.LIVEKIT_API_SECRET, MIN_SERVICE_SECRET, DEFAULT_LIVEKIT_SECRET)
  check('S3_SECRET_KEY', env.S3_SECRET_KEY, MIN_SERVICE_SECRET, DEFAULT_S3_SECRET)
  check('SESSION_SECRET', env.SESSION_SECRET, MIN_SESSION_SECRET)
  check('ADMIN_PASSWORD', env.ADMIN_PASSWORD, MIN_ADMIN_PASSWORD)
  return faults
}
