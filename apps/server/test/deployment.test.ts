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
    const page = await readFile(new URL('../../../docs/deployment.md', import.meta.url), 'utf8')
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

  const LabelsSchema = z.strictObject({ app: z.string() })
  const SelectorSchema = z.strictObject({ matchLabels: LabelsSchema })
  const MetadataSchema = z.strictObject({ name: z.literal('roomreel'), labels: LabelsSchema.optional() })
  const ProbeSchema = z.strictObject({
    httpGet: z.strictObject({ path: z.string(), port: z.literal('http') }),
    periodSeconds: z.number(),
    timeoutSeconds: z.number().optional(),
    failureThreshold: z.number().optional(),
  })
  const ReferenceSchema = z.strictObject({ name: z.literal('roomreel') })
  const ContainerSchema = z.strictObject({
    name: z.string(),
    image: z.string(),
    ports: z.tuple([z.strictObject({ name: z.literal('http'), containerPort: z.number() })]),
    envFrom: z.tuple([
      z.strictObject({ configMapRef: ReferenceSchema }),
      z.strictObject({ secretRef: ReferenceSchema }),
    ]),
    readinessProbe: ProbeSchema,
    livenessProbe: ProbeSchema,
    resources: z.strictObject({
      requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
      limits: z.strictObject({ memory: z.string() }),
    }),
    securityContext: z.strictObject({
      allowPrivilegeEscalation: z.literal(false),
      readOnlyRootFilesystem: z.literal(true),
      capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
    }),
  })
  const DeploymentSchema = z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    metadata: MetadataSchema,
    spec: z.strictObject({
      replicas: z.number().min(2),
      // None less than wanted while a new version comes
      strategy: z.strictObject({
        rollingUpdate: z.strictObject({ maxUnavailable: z.literal(0), maxSurge: z.number().min(1) }),
      }),
      selector: SelectorSchema,
      template: z.strictObject({
        metadata: z.strictObject({ labels: LabelsSchema, annotations: z.record(z.string(), z.string()) }),
        spec: z.strictObject({
          enableServiceLinks: z.literal(false),
          terminationGracePeriodSeconds: z.number().min(30),
          securityContext: z.strictObject({
            runAsNonRoot: z.literal(true),
            runAsUser: z.number().min(1),
            seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
          }),
          topologySpreadConstraints: z.tuple([
            z.strictObject({
              maxSkew: z.literal(1),
              topologyKey: z.literal('kubernetes.io/hostname'),
              whenUnsatisfiable: z.literal('ScheduleAnyway'),
              labelSelector: SelectorSchema,
            }),
          ]),
          containers: z.tuple([ContainerSchema]),
        }),
      }),
    }),
  })
  const BudgetSchema = z.strictObject({
    apiVersion: z.literal('policy/v1'),
    kind: z.literal('PodDisruptionBudget'),
    metadata: MetadataSchema,
    spec: z.strictObject({
      minAvailable: z.literal(1),
      unhealthyPodEvictionPolicy: z.literal('AlwaysAllow'),
      selector: SelectorSchema,
    }),
  })
  const ServiceSchema = z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata: MetadataSchema,
    spec: z.strictObject({
      selector: LabelsSchema,
      ports: z.tuple([
        z.strictObject({ name: z.string(), port: z.literal(80), targetPort: z.literal('http') }),
      ]),
    }),
  })

  it('keep two replicas reachable, at the routes and the port that the app has', async () => {
    const [, , ...three] = await objects()
    const [deployment, budget, service] = z
      .tuple([DeploymentSchema, BudgetSchema, ServiceSchema])
      .parse(three)
    const { selector, template } = deployment.spec
    const pod = template.metadata.labels
    const [spread] = template.spec.topologySpreadConstraints
    const selectors = [selector, budget.spec.selector, spread.labelSelector].map(
      ({ matchLabels }) => matchLabels,
    )
    for (const labels of [...selectors, service.spec.selector]) expect(labels).toEqual(pod)

    const [container] = template.spec.containers
    const { port } = parseConfig(SECRETS)
    expect(container.ports[0].containerPort).toBe(port)
    expect(template.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(port),
    })
    const routes = await readFile(new URL('../src/http/health-routes.ts', import.meta.url), 'utf8')
    const { readinessProbe, livenessProbe } = container
    expect([readinessProbe.httpGet.path, livenessProbe.httpGet.path]).toEqual(['/readyz', '/healthz'])
    for (const { httpGet } of [readinessProbe, livenessProbe])
      expect(routes).toContain(`app.get('${httpGet.path}'`)
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
