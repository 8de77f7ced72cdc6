import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSupplyChain } from './supply-chain.ts'

/** `npm run sbom`: what the product is made of, for machines and for people. */
const root = fileURLToPath(new URL('../../../', import.meta.url))
const { bom, licenceList, packages } = await readSupplyChain(root)
await writeFile(join(root, 'sbom.cdx.json'), bom)
await writeFile(join(root, 'docs', 'licences.md'), licenceList)
process.stdout.write(`${packages.length} packages: sbom.cdx.json, docs/licences.md\n`)
