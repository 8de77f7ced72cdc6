import { describe, expect, it } from 'vitest'
import { ConfigError } from '@roomreel/service'
import { parseConfig } from './env.ts'

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    parseConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

describe('parseConfig', () => {
  it("has the tutorial's defaults", () => {
    const config = parseConfig({})
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 6080,
      localStack: 'auto',
      dataDir: '.data',
      api: {
        livekit: {
          url: 'http://localhost:7880',
          publicUrl: 'ws://localhost:7880',
          apiKey: 'devkey',
          apiSecret: 'secret',
        },
        s3: {
          endpoint: 'http://localhost:9000',
          publicEndpoint: 'http://localhost:9000',
          region: 'us-east-1',
          bucket: 'openvidu-appdata',
          accessKey: 'minioadmin',
          secretKey: 'minioadmin',
        },
        recordingsPath: 'recordings/',
        playbackStrategy: 'S3',
        filePortionSizeBytes: 5_242_880,
        egressS3Upload: 'server',
        appName: 'openvidu-recording-advanced-node',
      },
    })
  })

  it('takes an empty value as not set', () => {
    expect(parseConfig({ SERVER_PORT: '', S3_PUBLIC_ENDPOINT: '' }).port).toBe(6080)
  })

  it.each([
    ['http://a:1', 'http://a:1', 'ws://a:1'],
    ['https://a', 'https://a', 'wss://a'],
    ['ws://a:1/', 'http://a:1', 'ws://a:1'],
    ['wss://a', 'https://a', 'wss://a'],
  ])('reads LIVEKIT_URL %s for calls and for browsers', (given, url, publicUrl) => {
    expect(parseConfig({ LIVEKIT_URL: given }).api.livekit).toMatchObject({ url, publicUrl })
  })

  it('takes lists with blanks or commas', () => {
    expect(parseConfig({})).toMatchObject({ frameAncestors: [], trustedProxies: ['loopback'] })
    const config = parseConfig({
      FRAME_ANCESTORS: "'self' https://*.example.com,  http://localhost:3000",
      TRUSTED_PROXIES: 'loopback, 10.0.0.0/8 ::1 fd00::/8',
    })
    expect(config.frameAncestors).toEqual(["'self'", 'https://*.example.com', 'http://localhost:3000'])
    expect(config.trustedProxies).toEqual(['loopback', '10.0.0.0/8', '::1', 'fd00::/8'])
  })

  it('gives RECORDINGS_PATH its slash', () => {
    expect(parseConfig({ RECORDINGS_PATH: 'a/b' }).api.recordingsPath).toBe('a/b/')
  })

  it.each([
    [{ SERVER_PORT: '0' }, 'SERVER_PORT must be at least 1'],
    [{ SERVER_PORT: '70000' }, 'SERVER_PORT must be at most 65535'],
    [{ SERVER_PORT: 'http' }, 'SERVER_PORT must be a whole number'],
    [{ LIVEKIT_URL: 'localhost' }, 'LIVEKIT_URL must be a URL'],
    [{ S3_ENDPOINT: 'ftp://x' }, 'S3_ENDPOINT must be a URL'],
    [{ RECORDING_PLAYBACK_STRATEGY: 'CDN' }, 'RECORDING_PLAYBACK_STRATEGY must be S3 or PROXY'],
    [{ RECORDING_FILE_PORTION_SIZE: '5MB' }, 'RECORDING_FILE_PORTION_SIZE must be a whole number'],
    [{ RECORDINGS_PATH: '/recordings' }, 'RECORDINGS_PATH must be a key prefix'],
    [{ S3_BUCKET: 'No Bucket' }, 'S3_BUCKET must be a bucket name'],
    [{ LOCAL_STACK: 'yes' }, 'LOCAL_STACK must be auto or off'],
    [{ EGRESS_S3_UPLOAD: 'x' }, 'EGRESS_S3_UPLOAD must be server or request'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be a level'],
    [{ REDIS_URL: 'http://x' }, 'REDIS_URL must be a URL'],
    [{ FRAME_ANCESTORS: '*' }, 'FRAME_ANCESTORS must be origins'],
    [{ FRAME_ANCESTORS: 'https://a.example;script-src *' }, 'FRAME_ANCESTORS must be origins'],
    [{ FRAME_ANCESTORS: 'https://a.example/path' }, 'FRAME_ANCESTORS must be origins'],
    [{ TRUSTED_PROXIES: 'everybody' }, 'TRUSTED_PROXIES must be addresses'],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES must be addresses'],
  ])('refuses %j', (environment, fault) => {
    expect(faultsOf(environment)).toEqual([expect.stringContaining(fault)])
  })

  it('names every fault at once', () => {
    expect(faultsOf({ SERVER_PORT: 'x', LIVEKIT_URL: 'x', LOG_FORMAT: 'x' })).toHaveLength(3)
  })
})

describe('in production', () => {
  const production = {
    NODE_ENV: 'production',
    LIVEKIT_API_SECRET: 'a-long-livekit-secret-of-32-chars',
    S3_SECRET_KEY: 'a-long-storage-secret',
  }

  it('nothing is embedded', () => {
    expect(parseConfig({ ...production, LOCAL_STACK: 'auto' }).localStack).toBe('off')
  })

  it.each([
    [
      'the default of LiveKit',
      { LIVEKIT_API_SECRET: 'secret' },
      'LIVEKIT_API_SECRET must not be the default',
    ],
    ['the default of S3', { S3_SECRET_KEY: 'minioadmin' }, 'S3_SECRET_KEY must not be the default'],
    ['a short one of LiveKit', { LIVEKIT_API_SECRET: 'short' }, 'LIVEKIT_API_SECRET must have at least 16'],
    ['a short session secret', { SESSION_SECRET: 'short' }, 'SESSION_SECRET must have at least 32'],
    ['a short password', { ADMIN_PASSWORD: 'admin' }, 'ADMIN_PASSWORD must have at least 12'],
  ])('a secret is refused that is %s', (_what, environment, fault) => {
    expect(faultsOf({ ...production, ...environment })).toEqual([expect.stringContaining(fault)])
  })
})
