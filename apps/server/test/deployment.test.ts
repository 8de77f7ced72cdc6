import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { ENVIRONMENT_NAMES, parseConfig } from '../src/config/env.ts'

const read = (path: string) => readFile(new URL(`../../../deploy/${path}`, import.meta.url), 'utf8')

/** Names and values of a `.env`, as far as those of this repository go. */
const variablesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

const SECRETS = {
  LIVEKIT_API_SECRET: 'a-long-livekit-secret-of-32-chars',
  S3_SECRET_KEY: 'a-long-storage-secret',
  SESSION_SECRET: 'a-long-session-secret-of-32-chars',
  ADMIN_PASSWORD: 'a-long-password',
}

describe('compose.yaml', () => {
  const ComposeSchema = z.object({
    services: z.record(
      z.string(),
      z.object({
        environment: z.record(z.string(), z.string()).optional(),
        depends_on: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  })
  const compose = async () => ComposeSchema.parse(parse(await read('compose.yaml')))

  it('sets variables that the app reads, and no others', async () => {
    const names = Object.keys((await compose()).services['app']?.environment ?? {})
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((name) => !ENVIRONMENT_NAMES.includes(name))).toEqual([])
  })

  it('takes its values from variables that .env.example names', async () => {
    const text = await read('compose.yaml')
    const wanted = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name))
    expect(wanted.size).toBeGreaterThan(5)
    const given = Object.keys(variablesOf(await read('.env.example')))
    expect([...wanted].toSorted()).toEqual(given.toSorted())
  })

  it('waits for services that there are', async () => {
    const { services } = await compose()
    const needed = Object.values(services).flatMap(({ depends_on }) => Object.keys(depends_on ?? {}))
    expect(needed.filter((name) => !Object.hasOwn(services, name))).toEqual([])
  })

  it('makes a configuration that production accepts', async () => {
    const values: Record<string, string> = { ...variablesOf(await read('.env.example')), ...SECRETS }
    const environment = (await compose()).services['app']?.environment ?? {}
    const filled = Object.entries(environment).map(([name, value]): [string, string] => [
      name,
      value.replace(/\$\{(\w+)[^}]*\}/g, (_all, variable: string) => values[variable] ?? ''),
    ])
    const config = parseConfig({ ...Object.fromEntries<string>(filled), NODE_ENV: 'production' })
    expect(config.api.s3.publicEndpoint).toBe('https://s3.example.com')
    expect(config.trustedProxies).toEqual(['loopback', '172.16.0.0/12'])
  })
})

describe('the Kubernetes objects', () => {
  const ObjectSchema = z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string() }),
  })
  const objects = async () =>
    parseAllDocuments(await read('kubernetes/roomreel.yaml')).map((document) =>
      ObjectSchema.parse(document.toJS()),
    )
  const valuesOf = async (kind: string, key: string) =>
    z
      .record(z.string(), z.string())
      .parse(Reflect.get((await objects()).find((each) => each.kind === kind) ?? {}, key))

  it('are those that it takes', async () => {
    expect((await objects()).map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'Secret',
      'Deployment',
      'PodDisruptionBudget',
      'Service',
    ])
  })

  it('make a configuration that production accepts, and has every secret', async () => {
    const settings = await valuesOf('ConfigMap', 'data')
    const secrets = await valuesOf('Secret', 'stringData')
    const names = [...Object.keys(settings), ...Object.keys(secrets)]
    expect(names.filter((name) => !ENVIRONMENT_NAMES.includes(name))).toEqual([])
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(Object.keys(SECRETS)))
    const config = parseConfig({ ...settings, ...secrets, ...SECRETS, NODE_ENV: 'production' })
    expect(config.api.egressS3Upload).toBe('request')
  })
})
