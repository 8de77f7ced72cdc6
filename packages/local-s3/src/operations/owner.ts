import type { VerifiedSignature } from '../auth/verified-signature.ts'
import { element, type XmlElement } from '../http/xml.ts'

/** There is one account, so whoever asks owns everything. */
export function ownerElement(
  { accessKey }: VerifiedSignature,
  role: 'Owner' | 'Initiator' = 'Owner',
): XmlElement {
  return element(role, [element('ID', accessKey), element('DisplayName', accessKey)])
}
