import { readdirSync } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
// A process of its own has no public module; what deploy/ sets for it is held against what it reads
import { ENVIRONMENT_NAMES as EGRESS_NAMES, parseConfig as parseEgress } from '../../egress/src/env.ts'
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

const EGRESS_SECRETS = {
  LIVEKIT_API_SECRET: SECRETS.LIVEKIT_API_SECRET,
  S3_SECRET_KEY: SECRETS.S3_SECRET_KEY,
}

/** `70m`, `70min`, `30s` or `30`, in seconds. */
const secondsOf = (text: string): number => {
  const [, count, unit] = /^(\d+)(s|m|min)?$/.exec(text) ?? []
  if (count === undefined) throw new Error(`${text} is no time that this test knows`)
  return Number(count) * (unit === 'm' || unit === 'min' ? 60 : 1)
}

describe('the Dockerfile', () => {
  /** The instructions of the last stages, by name. */
  const stages = async () => {
    const [, ...parts] = (await read('Dockerfile')).split(/^FROM /m)
    return new Map(parts.map((part) => [/ AS (\S+)/.exec(part)?.[1] ?? '', part]))
  }
  const variables = (stage: string): string[] => {
    const [, block = ''] = /^ENV ((?:.*\\\n|\s*#.*\n)*.*)$/m.exec(stage) ?? []
    return [...block.replace(/^\s*#.*$/gm, '').matchAll(/(\w+)=/g)].map(([, name = '']) => name)
  }

  it.each([
    ['app', ENVIRONMENT_NAMES, '/healthz', 'SERVER_PORT'],
    ['egress', EGRESS_NAMES, '/healthz', 'EGRESS_PORT'],
  ])('makes of %s an unprivileged process with a health check', async (name, known, path, port) => {
    const stage = (await stages()).get(name) ?? ''
    // Of the C library, not of the app
    const own = variables(stage).filter((each) => each !== 'MALLOC_ARENA_MAX')
    expect(own).toContain('NODE_ENV')
    expect(own.filter((each) => !known.includes(each))).toEqual([])
    expect(known).toContain(port)
    expect(stage).toMatch(/^USER node$/m)
    expect(stage).toMatch(/^STOPSIGNAL SIGTERM$/m)
    expect(stage.slice(stage.indexOf('HEALTHCHECK'))).toContain(`process.env.${port}`)
    expect(stage.slice(stage.indexOf('HEALTHCHECK'))).toContain(path)
  })

  it('keeps what the egress worker records in a volume', async () => {
    const stage = (await stages()).get('egress') ?? ''
    const [, folder = 'none'] = /DATA_DIR=(\S+)/.exec(stage) ?? []
    expect(stage).toContain(`\nVOLUME ${folder}\n`)
  })

  it('makes the app when no target is named', async () => {
    expect([...(await stages()).keys()].at(-1)).toBe('app')
  })
})

describe('compose.yaml', () => {
  const ComposeSchema = z.object({
    services: z.record(
      z.string(),
      z.object({
        environment: z.record(z.string(), z.string()).optional(),
        depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
        profiles: z.array(z.string()).optional(),
        build: z.object({ target: z.string() }).optional(),
        volumes: z.array(z.string()).optional(),
        healthcheck: z.unknown().optional(),
        stop_grace_period: z.string().optional(),
      }),
    ),
    volumes: z.record(z.string(), z.unknown()),
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
    const mounted = Object.values(services).flatMap((service) => service.volumes ?? [])
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

describe('the systemd units', () => {
  /** `[section, key, value]` of every line; another line is a fault. */
  const settingsOf = async (file: string): Promise<[section: string, key: string, value: string][]> => {
    let section = ''
    return (await read(`systemd/${file}`)).split('\n').flatMap((line): [string, string, string][] => {
      if (line === '' || line.startsWith('#')) return []
      const [, heading] = /^\[(\w+)\]$/.exec(line) ?? []
      if (heading !== undefined) {
        section = heading
        return []
      }
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? []
      if (key === undefined || value === undefined) throw new Error(`${file}: ${line}`)
      return [[section, key, value]]
    })
  }
  const all = (settings: [string, string, string][], wanted: string): string[] =>
    settings.flatMap(([, key, value]) => (key === wanted ? [value] : []))
  const files = readdirSync(new URL('../../../deploy/systemd/', import.meta.url))
  const units = files.filter((name) => name.endsWith('.service'))
  const given = async () => variablesOf(await read('systemd/roomreel.env.example'))

  it.each(units)('%s is hardened, restarts, and waits for units that there are', async (unit) => {
    const settings = await settingsOf(unit)
    expect(new Set(settings.map(([section]) => section))).toEqual(new Set(['Unit', 'Service', 'Install']))
    expect(settings).toEqual(
      expect.arrayContaining([
        ['Service', 'User', 'roomreel'],
        ['Service', 'Restart', 'always'],
        ['Service', 'NoNewPrivileges', 'true'],
        ['Service', 'ProtectSystem', 'strict'],
        ['Install', 'WantedBy', 'multi-user.target'],
      ]),
    )
    expect(all(settings, 'ExecStart')).toHaveLength(1)
    expect(all(settings, 'TimeoutStopSec')).toHaveLength(1)
    const others = all(settings, 'After').flatMap((value) => value.split(' '))
    expect(others.filter((name) => name.endsWith('.service') && !units.includes(name))).toEqual([])
  })

  it.each(units)('%s keeps its files where it may write', async (unit) => {
    const settings = await settingsOf(unit)
    const folders = settings.flatMap(([, , value]) => value.match(/\/var\/lib\/[\w-]+/g) ?? [])
    const writable = all(settings, 'StateDirectory').map((name) => `/var/lib/${name}`)
    expect([...new Set(folders)]).toEqual(writable)
  })

  it.each([
    ['roomreel.service', '@roomreel/server', ENVIRONMENT_NAMES],
    ['roomreel-egress.service', '@roomreel/egress-worker', EGRESS_NAMES],
  ])('%s sets variables that its process reads', async (unit, name, known) => {
    const settings = await settingsOf(unit)
    const own = all(settings, 'Environment').map((value) => value.split('=')[0] ?? '')
    expect(own.filter((each) => each !== 'MALLOC_ARENA_MAX' && !known.includes(each))).toEqual([])
    expect(all(settings, 'EnvironmentFile')).toEqual(['/etc/roomreel/roomreel.env'])
    // What the file says counts more than what the unit says
    const shared = await given()
    expect(own.filter((each) => Object.hasOwn(shared, each))).toEqual([])
    const folder = all(settings, 'WorkingDirectory').join(' ')
    const page = await readFile(new URL('../../../docs/deployment.md', import.meta.url), 'utf8')
    const argument = name === '@roomreel/server' ? '' : ` ${name}`
    expect(page).toContain(`node scripts/build-image.mjs ${folder}${argument}\n`)
  })

  it('share variables that the app or the egress worker reads', async () => {
    const names = Object.keys(await given())
    expect(names.filter((name) => !ENVIRONMENT_NAMES.includes(name) && !EGRESS_NAMES.includes(name))).toEqual(
      [],
    )
    const values = { ...(await given()), ...SECRETS, NODE_ENV: 'production', LOCAL_STACK: 'off' }
    expect(parseConfig(values).api.s3.publicEndpoint).toBe('https://s3.example.com')
    expect(parseEgress(values).redisUrl).toBe('redis://127.0.0.1:6379')
  })

  it('give the egress worker the time to save what it records', async () => {
    const settings = await settingsOf('roomreel-egress.service')
    const own = Object.fromEntries(
      all(settings, 'Environment').map((value): [string, string] => {
        const [name = '', rest = ''] = value.split('=')
        return [name, rest]
      }),
    )
    const config = parseEgress({ ...own, ...(await given()), ...EGRESS_SECRETS })
    const [stop = ''] = all(settings, 'TimeoutStopSec')
    expect(secondsOf(stop)).toBeGreaterThan(config.drainMs / 1000 + 60)
  })

  it('have a livekit-server that keeps webhooks, on the ports and with the key of the others', async () => {
    const LiveKitSchema = z.object({
      port: z.number(),
      redis: z.object({ address: z.string() }),
      keys: z.record(z.string(), z.string()),
      webhook: z.object({
        api_key: z.string(),
        urls: z.array(z.string()),
        resource_url_notifier: z.object({ max_age: z.literal('10m') }),
      }),
    })
    const livekit = LiveKitSchema.parse(parse(await read('systemd/livekit.yaml')))
    const values = await given()
    expect(values['LIVEKIT_URL']).toBe(`http://127.0.0.1:${livekit.port}`)
    expect(values['REDIS_URL']).toBe(`redis://${livekit.redis.address}`)
    expect(Object.keys(livekit.keys)).toEqual([values['LIVEKIT_API_KEY']])
    expect(livekit.webhook.api_key).toBe(values['LIVEKIT_API_KEY'])
    const { port } = parseConfig({ ...values, ...SECRETS })
    expect(livekit.webhook.urls).toEqual([`http://127.0.0.1:${port}/livekit/webhook`])
  })
})

describe('docs/deployment.md', () => {
  it('names files that there are', async () => {
    const page = await readFile(new URL('../../../docs/deployment.md', import.meta.url), 'utf8')
    const named = [...page.matchAll(/deploy\/[\w./-]*\w/g)].map(([path]) => path)
    // What the reader makes of .env.example
    const paths = new Set(named.filter((path) => path !== 'deploy/.env'))
    expect(paths.size).toBeGreaterThan(4)
    await Promise.all([...paths].map((path) => access(new URL(`../../../${path}`, import.meta.url))))
  })
})
