import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
// A process of its own has no public module; what deploy/ sets for it is held against what it reads
import { ENVIRONMENT_NAMES as EGRESS_NAMES, parseConfig as parseEgress } from '../../../egress/src/env.ts'
import { ENVIRONMENT_NAMES, parseConfig } from '../../src/config/env.ts'
import { EGRESS_SECRETS, read, readRepositoryFile, secondsOf, SECRETS, variablesOf } from './deploy-files.ts'

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
  const files = readdirSync(new URL('../../../../deploy/systemd/', import.meta.url))
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
    const page = await readRepositoryFile('docs/deployment.md')
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
