import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { bomJson } from './bom.ts'
import { licenceList } from './licence-list.ts'
import { readLicences } from './licences.ts'
import { readLockfile } from './lockfile.ts'
import { type ShippedPackage, shippedPackages } from './shipped-packages.ts'

/** What runs in production. */
const SHIPPED = 'apps/server'
const ManifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string() })

export interface SupplyChain {
  readonly packages: readonly ShippedPackage[]
  /** SPDX expressions by `name@version`, of what is installed. */
  readonly licences: ReadonlyMap<string, string>
  /** docs/licences.md */
  readonly licenceList: string
  /** sbom.cdx.json */
  readonly bom: string
}

/** @param root folder of the workspace, with its dependencies installed */
export async function readSupplyChain(root: string): Promise<SupplyChain> {
  const manifest = ManifestSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
  const packages = shippedPackages(await readLockfile(join(root, 'pnpm-lock.yaml')), SHIPPED)
  const licences = await readLicences(join(root, 'node_modules', '.bin', 'pnpm'), root)
  const { name, version, license: licence } = manifest
  return {
    packages,
    licences,
    licenceList: licenceList(packages, licences),
    bom: bomJson({ name, version, licence }, packages, licences),
  }
}
