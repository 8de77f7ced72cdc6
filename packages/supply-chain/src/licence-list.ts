import type { ShippedPackage } from './shipped-packages.ts'

const INTRODUCTION = `# Licences of what is shipped

Roomreel itself is under Apache-2.0. Beside its own code, what runs in production is made of these packages; \`npm run sbom\` writes this page, and all of them with version and hash into \`sbom.cdx.json\` (CycloneDX). Packages that are builds of another one for some systems alone are in that file.

The recorder encodes with FFmpeg and x264, which are under the GPL; its package, \`node-av\`, loads them from builds of its own. It is part of the egress worker's image, which whoever hands on has to offer with those sources, and of \`npm start\`. The app's image has neither the recorder nor anything else that is embedded: it ships less than this list says.
`

/** docs/licences.md, formatted as Prettier would. Pure. @param licences by `name@version` */
export function licenceList(
  packages: readonly ShippedPackage[],
  licences: ReadonlyMap<string, string>,
): string {
  const names = new Map<string, Set<string>>()
  for (const { name, version, isPlatformBuild } of packages) {
    if (isPlatformBuild) continue
    const licence = licences.get(`${name}@${version}`)
    if (licence === undefined) throw new Error(`${name}@${version} is not installed`)
    names.set(licence, (names.get(licence) ?? new Set()).add(name))
  }
  const sections = [...names]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([licence, of]) => `## ${licence}\n\n${[...of].map((name) => `\`${name}\``).join(', ')}\n`)
  return [INTRODUCTION, ...sections].join('\n')
}
