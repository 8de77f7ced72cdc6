import { hkdfSync } from 'node:crypto'

/** What a signed token is for. Each use has a key of its own, so that none can pass for another. */
export type TokenPurpose = 'session' | 'device' | 'media' | 'share'

export type SigningKeys = Readonly<Record<TokenPurpose, Uint8Array>>

/**
 * Derives the key of each purpose from the one secret (HKDF-SHA256, RFC 5869; 32 bytes each). Another secret ends
 * everything that was signed: whoever is logged in anywhere is logged out.
 */
export function deriveSigningKeys(secret: string): SigningKeys {
  const key = (purpose: TokenPurpose) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `roomreel ${purpose}`, 32))
  return {
    session: key('session'),
    device: key('device'),
    media: key('media'),
    share: key('share'),
  }
}
