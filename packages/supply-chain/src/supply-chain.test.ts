import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Lockfile, readLockfile } from './lockfile.ts'
import { shippedPackages } from './shipped-packages.ts'
import { readSupplyChain, type SupplyChain } from './supply-chain.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** Licences that ask for no more than to be named, and what says so to whoever ships the recorder. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND BSD-3-Clause',
  'Bitstream-Vera',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT OR GPL-2.0-only',
  'MPL-2.0',
  'Unlicense',
])

let chain: SupplyChain

beforeAll(async () => {
  chain = await readSupplyChain(ROOT)
})

describe('what is shipped', () => {
  it('is listed in docs/licences.md as it is', async () => {
    expect(await readFile(join(ROOT, 'docs', 'licences.md'), 'utf8')).toBe(chain.licenceList)
  })

  it('has what runs, and nothing that only builds or tests', () => {
    const names = chain.packages.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['fastify', 'livekit-client', 'react', 'zod', 'livekit-server-sdk']),
    )
    expect(names.filter((name) => /^(?:vite|vitest|turbo|oxlint|@playwright\/.*)$/.test(name))).toEqual([])
  })

  it('is under licences that are allowed', () => {
    const others = chain.packages.filter(({ name, version, isPlatformBuild }) => {
      const licence = chain.licences.get(`${name}@${version}`)
      return !isPlatformBuild && (licence === undefined || !ALLOWED.has(licence))
    })
    expect(others).toEqual([])
  })

  it('is in the SBOM with version, purl and hash', () => {
    const { components, metadata } = BomSchema.parse(JSON.parse(chain.bom))
    expect(metadata.component.name).toBe('roomreel')
    expect(components.length).toBe(chain.packages.length)
    const fastify = components.find(({ name }) => name === 'fastify')
    expect(fastify?.purl).toBe(`pkg:npm/fastify@${fastify?.version}`)
    expect(fastify?.licenses).toEqual([{ license: { id: 'MIT' } }])
    expect(components.filter(({ hashes }) => !/^[0-9a-f]{128}$/.test(hashes[0]?.content ?? ''))).toEqual([])
  })
})

describe("the recorder's FFmpeg, which is under the GPL", () => {
  const namesIn = (lockfile: Lockfile, importer: string): string[] =>
    shippedPackages(lockfile, importer).map(({ name }) => name)

  it("is in the egress worker's image and not in the app's, which takes no optional dependencies", async () => {
    const lockfile = await readLockfile(join(ROOT, 'pnpm-lock.yaml'))
    expect(namesIn(lockfile, 'apps/egress')).toContain('node-av')
    const app = lockfile.importers['apps/server']
    if (!app) throw new Error('the lockfile has no apps/server')
    const importers = { ...lockfile.importers, 'apps/server': { ...app, optionalDependencies: {} } }
    const names = namesIn({ ...lockfile, importers }, 'apps/server')
    expect(names).toContain('fastify')
    expect(names.filter((name) => /^node-av|^@livekit\/rtc-/.test(name))).toEqual([])
    const script = await readFile(join(ROOT, 'scripts', 'build-image.mjs'), 'utf8')
    expect(script).toContain("name === '@roomreel/server' ? ['--no-optional'] : []")
  })
})

const BomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  metadata: z.object({ component: z.object({ name: z.string() }) }),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      hashes: z.array(z.object({ alg: z.literal('SHA-512'), content: z.string() })),
      licenses: z.array(z.unknown()).optional(),
    }),
  ),
})

describe('what is installed', () => {
  it('is pinned exactly', async () => {
    const { catalog } = await workspace()
    expect(Object.entries(catalog).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  it('runs no script but those that are named', async () => {
    const { allowBuilds } = await workspace()
    expect(Object.keys(allowBuilds).filter((name) => allowBuilds[name])).toEqual(['esbuild'])
  })
})

const WorkspaceSchema = z.object({
  catalog: z.record(z.string(), z.string()),
  allowBuilds: z.record(z.string(), z.boolean()),
})

async function workspace(): Promise<z.infer<typeof WorkspaceSchema>> {
  return WorkspaceSchema.parse(parse(await readFile(join(ROOT, 'pnpm-workspace.yaml'), 'utf8')))
}
