import { findProgram } from '@roomreel/tooling/programs'
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const run = promisify(execFile)
const pathOf = (path: string) => fileURLToPath(new URL(`../../../../deploy/${path}`, import.meta.url))
const ComposeSchema = z.looseObject({
  services: z.looseObject({
    livekit: z.looseObject({ environment: z.object({ LIVEKIT_CONFIG: z.string() }) }),
  }),
})

const CONFIGURATIONS = {
  'compose.yaml': async () => {
    const { services } = ComposeSchema.parse(parse(await readFile(pathOf('compose.yaml'), 'utf8')))
    const text = services.livekit.environment.LIVEKIT_CONFIG
    return text
      .replaceAll('${NODE_IP:?}', '203.0.113.10')
      .replace(/\$\{\w+:\?\}/g, 'a-value-of-32-characters-or-more')
  },
  'systemd/livekit.yaml': () => readFile(pathOf('systemd/livekit.yaml'), 'utf8'),
}

/** livekit-server reads its configuration, says which ports it has, and ends: with status 0 whatever it has read. */
async function portsOf(configuration: string): Promise<string> {
  const { stdout, stderr } = await run(findProgram('livekit-server') ?? 'livekit-server', [
    '--config-body',
    configuration,
    'ports',
  ])
  return stdout + stderr
}

describe.each(Object.entries(CONFIGURATIONS))('the livekit-server of %s', (_name, read) => {
  it('reads its configuration', async () => {
    const ports = await portsOf(await read())
    for (const port of ['7880', '7881', '7882']) expect(ports).toContain(port)
  })

  it('would tell of a key that it does not know', async () => {
    const ports = await portsOf((await read()).replace('max_age', 'maximum_age'))
    expect(ports).toContain('maximum_age not found')
    expect(ports).not.toContain('7881')
  })
})

const analyze = findProgram('systemd-analyze')

it.skipIf(analyze === undefined)('systemd understands every unit', async () => {
  const units = readdirSync(pathOf('systemd')).filter((name) => name.endsWith('.service'))
  const { stderr } = await run(
    analyze ?? '',
    ['verify', ...units.map((name) => pathOf(`systemd/${name}`))],
    // It fails where a program is not installed
  ).catch((error: unknown) => z.object({ stderr: z.string() }).parse(error))
  const faults = stderr.split('\n').filter((line) => line !== '' && !line.includes('is not executable'))
  expect(faults).toEqual([])
})
