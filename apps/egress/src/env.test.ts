import { readFile } from 'node:fs/promises'
import { ConfigError } from '@roomreel/service'
import { expect, it } from 'vitest'
import { ENVIRONMENT_NAMES, parseConfig } from './env.ts'

const REDIS_URL = 'redis://127.0.0.1:6379'

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

it('needs nothing but Redis for development', () => {
  expect(parseConfig({ REDIS_URL, EGRESS_PORT: '' })).toMatchObject({
    redisUrl: REDIS_URL,
    port: 6081,
    livekit: { url: 'http://localhost:7880' },
    logFormat: 'pretty',
  })
})

it('tells every fault at once', () => {
  const faults = faultsOf({ EGRESS_PORT: 'x', EGRESS_MAX_RECORDINGS: '0' })
  expect(faults).toHaveLength(3)
  expect(faults.join()).toMatch(/REDIS_URL must be set to the Redis of livekit-server/)
})

it('refuses default secrets in production', () => {
  expect(() => parseConfig({ REDIS_URL, NODE_ENV: 'production' })).toThrowError(
    /LIVEKIT_API_SECRET must not be the default[^]*S3_SECRET_KEY must not be the default/,
  )
})

it('LIVEKIT_URL may be that of the WebSocket', () => {
  expect(parseConfig({ REDIS_URL, LIVEKIT_URL: 'wss://livekit.example.com/' }).livekit.url).toBe(
    'https://livekit.example.com',
  )
})

it('the documentation has every variable, and no other', async () => {
  const page = await readFile(new URL('../../../docs/egress-worker.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^\| `([A-Z0-9_]+)` *\|/gm)].map(([, name]) => name)
  expect(new Set(documented)).toEqual(new Set(ENVIRONMENT_NAMES))
})
