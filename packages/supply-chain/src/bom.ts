import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { PackageURL } from 'packageurl-js'
import parseExpression from 'spdx-expression-parse'
import type { ShippedPackage } from './shipped-packages.ts'

export interface Product {
  readonly name: string
  readonly version: string
  readonly licence: string
}

/**
 * A CycloneDX document (https://cyclonedx.org/docs/1.6/json/) of what the product is made of. The same packages give
 * the same text. Pure.
 * @param licences by `name@version`; those of packages for other systems are not known
 */
export function bomJson(
  product: Product,
  packages: readonly ShippedPackage[],
  licences: ReadonlyMap<string, string>,
): string {
  const licenceFactory = new Contrib.License.Factories.LicenseFactory((text) => void parseExpression(text))
  const component = ({ name, version, integrity }: ShippedPackage): Models.Component => {
    const [group, ...rest] = name.startsWith('@') ? name.split('/') : [undefined, name]
    const purl = new PackageURL('npm', group, rest.join('/'), version).toString()
    const licence = licences.get(`${name}@${version}`)
    return new Models.Component(Enums.ComponentType.Library, rest.join('/'), {
      ...(group !== undefined && { group }),
      version,
      purl,
      bomRef: purl,
      hashes: new Models.HashDictionary([hashOf(integrity)]),
      licenses: new Models.LicenseRepository(
        licence === undefined ? [] : [licenceFactory.makeFromString(licence)],
      ),
    })
  }
  const self = new Models.Component(Enums.ComponentType.Application, product.name, {
    version: product.version,
    bomRef: product.name,
    licenses: new Models.LicenseRepository([licenceFactory.makeFromString(product.licence)]),
  })
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: self }),
    components: new Models.ComponentRepository(packages.map(component)),
  })
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}

function hashOf(integrity: string): Models.Hash {
  const [algorithm, base64 = ''] = integrity.split('-', 2)
  if (algorithm !== 'sha512') throw new Error(`${algorithm} is no hash that npm uses today`)
  return [Enums.HashAlgorithm['SHA-512'], Buffer.from(base64, 'base64').toString('hex')]
}
