import { createHmac, hkdfSync } from 'node:crypto'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT (RFC 7519) made by hand, so that it can be wrong in every way. @param key undefined: without a signature */
export function jwt(claims: Record<string, unknown>, key: Uint8Array | string | undefined): string {
  const signed = `${encode({ alg: key === undefined ? 'none' : 'HS256', typ: 'JWT' })}.${encode(claims)}`
  const signature = key === undefined ? '' : createHmac('sha256', key).update(signed).digest('base64url')
  return `${signed}.${signature}`
}

/** What a token claims, whoever signed it. */
export function claimsOf(token: string): Record<string, unknown> {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  return Object.fromEntries(Object.entries(claims ?? {}))
}

/** The same signature under other claims. */
export function tampered(token: string, changes: Record<string, unknown>): string {
  const [header = '', , signature = ''] = token.split('.')
  return [header, encode({ ...claimsOf(token), ...changes }), signature].join('.')
}

/** The key that the app derives from its secret for one purpose. */
export function derivedKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `roomreel ${purpose}`, 32))
}
