import { posix } from 'node:path'
import type { Lockfile } from './lockfile.ts'

/** A package of somebody else's that is part of what runs in production. */
export interface ShippedPackage {
  readonly name: string
  readonly version: string
  /** As npm writes it (https://w3c.github.io/webappsec-subresource-integrity/): `sha512-<base64>`. */
  readonly integrity: string
  /** Whether it is the build of another package for some systems alone. */
  readonly isPlatformBuild: boolean
}

/**
 * What a package of the workspace needs in production, with all that this needs, sorted by name. Pure.
 * @param importer its folder, from the root of the workspace
 * @throws Error when the lockfile lacks something that it names
 */
export function shippedPackages(lockfile: Lockfile, importer: string): ShippedPackage[] {
  const importers = new Set<string>()
  const snapshots = new Set<string>()

  const visit = (dependencies: Iterable<readonly [name: string, version: string]>, from: string): void => {
    for (const [name, version] of dependencies) {
      if (version.startsWith('link:')) visitImporter(posix.join(from, version.slice('link:'.length)))
      else
        visitSnapshot(version.includes('@') && version in lockfile.snapshots ? version : `${name}@${version}`)
    }
  }
  const visitImporter = (folder: string): void => {
    if (importers.has(folder)) return
    importers.add(folder)
    const found = lockfile.importers[folder]
    if (!found) throw new Error(`the lockfile has no ${folder}`)
    const all = { ...found.dependencies, ...found.optionalDependencies }
    visit(
      Object.entries(all).map(([name, { version }]) => [name, version] as const),
      folder,
    )
  }
  const visitSnapshot = (key: string): void => {
    if (snapshots.has(key)) return
    snapshots.add(key)
    const found = lockfile.snapshots[key]
    if (!found) throw new Error(`the lockfile has no ${key}`)
    visit(Object.entries({ ...found.dependencies, ...found.optionalDependencies }), '')
  }

  visitImporter(importer)
  const ids = new Set([...snapshots].map((key) => key.replace(/\(.*$/, '')))
  return [...ids].toSorted().map((id) => {
    const found = lockfile.packages[id]
    if (!found) throw new Error(`the lockfile has no ${id}`)
    const at = id.lastIndexOf('@')
    return {
      name: id.slice(0, at),
      version: id.slice(at + 1),
      integrity: found.resolution.integrity,
      isPlatformBuild: found.os !== undefined || found.cpu !== undefined,
    }
  })
}
