import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'

const VersionsSchema = z.record(z.string(), z.string())
const ImporterSchema = z.object({
  dependencies: z.record(z.string(), z.object({ version: z.string() })).default({}),
  optionalDependencies: z.record(z.string(), z.object({ version: z.string() })).default({}),
})
const PackageSchema = z.object({
  resolution: z.object({ integrity: z.string() }),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
})
const SnapshotSchema = z.object({
  dependencies: VersionsSchema.default({}),
  optionalDependencies: VersionsSchema.default({}),
})

const LockfileSchema = z.object({
  lockfileVersion: z.literal('9.0'),
  /** By folder: what a package of the workspace depends on. */
  importers: z.record(z.string(), ImporterSchema),
  /** By name@version. */
  packages: z.record(z.string(), PackageSchema),
  /** By name@version(peers): what a package depends on beside those peers. */
  snapshots: z.record(z.string(), SnapshotSchema),
})
/** pnpm's lockfile (https://github.com/pnpm/spec/blob/master/lockfile/9.0.md), as far as it is needed here. */
export type Lockfile = z.infer<typeof LockfileSchema>

/** @throws Error when it is not there, or of another version */
export async function readLockfile(path: string): Promise<Lockfile> {
  return LockfileSchema.parse(parse(await readFile(path, 'utf8')))
}
