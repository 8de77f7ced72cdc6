import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
// A process of its own has no public module; what deploy/ sets for it is held against what it reads
import { ENVIRONMENT_NAMES as EGRESS_NAMES, parseConfig as parseEgress } from '../../../egress/src/env.ts'
import { ENVIRONMENT_NAMES, parseConfig } from '../../src/config/env.ts'
import { EGRESS_SECRETS, read, readRepositoryFile, secondsOf, SECRETS, variablesOf } from './deploy-files.ts'

describe('compose.yaml', () => {
  /** What compose knows of, as far as it is used here; a key that is not listed is misspelt or has to be added. */
  const ServiceSchema = z.strictObject({
    image: z.string().optional(),
    build: z.strictObject({ context: z.string(), dockerfile: z.string(), target: z.string() }).optional(),
    restart: z.literal('unless-stopped').optional(),
    profiles: z.array(z.string()).optional(),
    command: z.string().optional(),
    entrypoint: z.array(z.string()).optional(),
    environment: z.record(z.string(), z.string()).optional(),
    ports: z.array(z.string().regex(/^(?:127\.0\.0\.1:)?\d+:\d+(?:\/udp)?$/)).optional(),
    expose: z.array(z.string()).optional(),
    volumes: z.array(z.string()).optional(),
    cap_add: z.array(z.string()).optional(),
    depends_on: z
      .record(
        z.string(),
        z.strictObject({
          condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']),
        }),
      )
      .optional(),
    healthcheck: z
      .strictObject({
        test: z.array(z.string()),
        interval: z.string(),
        timeout: z.string(),
        retries: z.number(),
      })
      .optional(),
    stop_grace_period: z.string().optional(),
  })
  const ComposeSchema = z.strictObject({
    name: z.string(),
    services: z.record(z.string(), ServiceSchema),
    volumes: z.record(z.string(), z.null()),
  })
  const compose = async () => ComposeSchema.parse(parse(await read('compose.yaml')))

  it.each([
    ['app', ENVIRONMENT_NAMES],
    ['egress-worker', EGRESS_NAMES],
  ])('sets variables that %s reads, and no others', async (service, known) => {
    const names = Object.keys((await compose()).services[service]?.environment ?? {})
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((name) => !known.includes(name))).toEqual([])
  })

  it('takes its values from variables that .env.example names', async () => {
    const text = await read('compose.yaml')
    const wanted = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name))
    expect(wanted.size).toBeGreaterThan(5)
    const given = Object.keys(variablesOf(await read('.env.example')))
    // Read by compose itself
    const own = given.filter((name) => name !== 'COMPOSE_PROFILES')
    // Without a value compose does not start
    const optional = [...text.matchAll(/(?<!\$)\$\{(\w+)\b(?!:\?\})/g)].map(([, name = '']) => name)
    expect(optional.filter((name) => name !== 'TRUSTED_PROXIES')).toEqual([])
    expect([...wanted].toSorted()).toEqual(own.toSorted())
  })

  it('waits for services that there are', async () => {
    const { services } = await compose()
    const needed = Object.values(services).flatMap(({ depends_on }) => Object.keys(depends_on ?? {}))
    expect(needed.filter((name) => !Object.hasOwn(services, name))).toEqual([])
    // One that starts always can not wait for one that starts in a profile alone
    expect(needed.filter((name) => services[name]?.profiles !== undefined)).toEqual([])
    const healthy = Object.values(services).flatMap(({ depends_on }) =>
      Object.entries(depends_on ?? {}).filter(([, { condition }]) => condition === 'service_healthy'),
    )
    expect(healthy.filter(([name]) => services[name]?.healthcheck === undefined)).toEqual([])
  })

  it('ends LiveKit after every Egress that records, and the rest after LiveKit', async () => {
    const { services } = await compose()
    const needs = (name: string) => Object.keys(services[name]?.depends_on ?? {}).toSorted()
    // Compose ends a service before what it depends on
    expect(needs('egress-worker')).toEqual(['bucket', 'livekit', 'redis'])
    expect(needs('livekit-egress')).toEqual(['bucket', 'livekit', 'redis'])
    expect(needs('livekit')).toEqual(['redis'])
    expect(needs('app')).toEqual(['bucket', 'livekit'])
    for (const name of ['livekit', 'app'])
      expect(secondsOf(services[name]?.stop_grace_period ?? '10s')).toBeGreaterThanOrEqual(30)
    for (const name of ['egress-worker', 'livekit-egress'])
      expect(secondsOf(services[name]?.stop_grace_period ?? '10s')).toBeGreaterThan(3600)
  })

  it('has one Egress service in each profile, ours unless told otherwise', async () => {
    const { services } = await compose()
    const inProfiles = Object.entries(services).flatMap(([name, { profiles }]) =>
      (profiles ?? []).map((profile) => [profile, name]),
    )
    expect(inProfiles).toEqual([
      ['egress-worker', 'egress-worker'],
      ['livekit-egress', 'livekit-egress'],
    ])
    expect(variablesOf(await read('.env.example'))['COMPOSE_PROFILES']).toBe('egress-worker')
  })

  it('builds stages that the Dockerfile has', async () => {
    const dockerfile = await read('Dockerfile')
    const targets = Object.values((await compose()).services).flatMap(({ build }) => build?.target ?? [])
    expect(targets.toSorted()).toEqual(['app', 'egress'])
    expect(targets.filter((target) => !dockerfile.includes(` AS ${target}\n`))).toEqual([])
  })

  it('mounts volumes that it names', async () => {
    const { services, volumes } = await compose()
    const all = Object.values(services).flatMap((service) => service.volumes ?? [])
    const files = all.filter((mount) => mount.startsWith('./')).map((mount) => mount.replace(/:.*/, ''))
    await Promise.all(files.map((file) => read(file)))
    const mounted = all.filter((mount) => !mount.startsWith('./'))
    expect(mounted.map((mount) => mount.replace(/:.*/, '')).toSorted()).toEqual(
      Object.keys(volumes).toSorted(),
    )
  })

  it('gives the egress worker the time to save what it records', async () => {
    const worker = (await compose()).services['egress-worker']
    const environment = { ...worker?.environment, ...EGRESS_SECRETS, S3_BUCKET: 'recordings' }
    const config = parseEgress({ ...environment, NODE_ENV: 'production' })
    expect(secondsOf(worker?.stop_grace_period ?? '')).toBeGreaterThan(config.drainMs / 1000 + 60)
  })

  /** A text of it as compose fills it in. */
  const filled = async (text: string | undefined): Promise<string> => {
    const values: Record<string, string> = {
      ...variablesOf(await read('.env.example')),
      ...SECRETS,
      LIVEKIT_PUBLIC_URL: 'wss://livekit.example.com',
      S3_PUBLIC_ENDPOINT: 'https://s3.example.com',
      NODE_IP: '203.0.113.10',
    }
    return (text ?? '').replace(/\$\{(\w+)[^}]*\}/g, (_all, name: string) => values[name] ?? '')
  }

  it('makes a configuration that production accepts', async () => {
    const environment = (await compose()).services['app']?.environment ?? {}
    const values = await Promise.all(
      Object.entries(environment).map(async ([name, text]): Promise<[string, string]> => [
        name,
        await filled(text),
      ]),
    )
    const config = parseConfig({ ...Object.fromEntries<string>(values), NODE_ENV: 'production' })
    expect(config.api.s3.publicEndpoint).toBe('https://s3.example.com')
    expect(config.trustedProxies).toEqual(['loopback', '172.16.0.0/12'])
  })

  it('has a LiveKit and an Egress of one key and one Redis, on the ports that are published', async () => {
    const { services } = await compose()
    const LiveKitSchema = z.strictObject({
      port: z.number(),
      rtc: z.strictObject({ tcp_port: z.number(), udp_port: z.number(), node_ip: z.string() }),
      redis: z.strictObject({ address: z.literal('redis:6379') }),
      keys: z.record(z.string(), z.string()),
      webhook: z.strictObject({
        api_key: z.string(),
        urls: z.tuple([z.literal('http://app:6080/livekit/webhook')]),
        resource_url_notifier: z.strictObject({ max_age: z.literal('10m') }),
      }),
    })
    const livekit = LiveKitSchema.parse(
      parse(await filled(services['livekit']?.environment?.['LIVEKIT_CONFIG'])),
    )
    const { port, rtc } = livekit
    expect(services['livekit']?.ports).toEqual([
      `127.0.0.1:${port}:${port}`,
      `${rtc.tcp_port}:${rtc.tcp_port}`,
      `${rtc.udp_port}:${rtc.udp_port}/udp`,
    ])
    expect(livekit.keys).toEqual({ roomreel: SECRETS.LIVEKIT_API_SECRET })
    expect(livekit.webhook.api_key).toBe('roomreel')
    const EgressSchema = z.strictObject({
      api_key: z.literal('roomreel'),
      api_secret: z.literal(SECRETS.LIVEKIT_API_SECRET),
      ws_url: z.literal(`ws://livekit:${port}`),
      redis: z.strictObject({ address: z.literal('redis:6379') }),
      storage: z.strictObject({
        s3: z.strictObject({
          access_key: z.literal('roomreel'),
          secret: z.literal(SECRETS.S3_SECRET_KEY),
          endpoint: z.literal('http://minio:9000'),
          region: z.literal('us-east-1'),
          bucket: z.literal('recordings'),
          force_path_style: z.literal(true),
        }),
      }),
    })
    EgressSchema.parse(parse(await filled(services['livekit-egress']?.environment?.['EGRESS_CONFIG_BODY'])))
  })

  it('gives nobody but MinIO and who makes the bucket the key of its root user', async () => {
    const { services } = await compose()
    const holders = Object.entries(services).filter(([, service]) =>
      JSON.stringify(service.environment ?? {}).includes('MINIO_ROOT'),
    )
    expect(holders.map(([name]) => name)).toEqual(['minio', 'bucket'])
  })

  it('makes a user who may do what docs/deployment.md says that the app and an Egress need', async () => {
    const page = await readRepositoryFile('docs/deployment.md')
    const PolicySchema = z.strictObject({
      Version: z.literal('2012-10-17'),
      Statement: z.array(
        z.strictObject({ Effect: z.literal('Allow'), Action: z.array(z.string()), Resource: z.string() }),
      ),
    })
    const rights = (text: string): string[] =>
      PolicySchema.parse(JSON.parse(text)).Statement.flatMap(({ Action, Resource }) =>
        Action.map((action) => `${action} ${Resource}`),
      )
    const documented = [...page.matchAll(/^```json\n([^`]*)```$/gm)].flatMap(([, text = '']) => rights(text))
    const [, made = ''] = /<< EOF\n([^]*)\nEOF\n/.exec(await read('make-bucket.sh')) ?? []
    const filledIn = made
      .replaceAll('$S3_BUCKET', 'my-recordings')
      .replace(/\$\{RECORDINGS_PATH-(.*?)\}/, '$1')
    expect(rights(filledIn).toSorted()).toEqual([...new Set(documented)].toSorted())
  })
})
