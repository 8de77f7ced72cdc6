import { createHash, createHmac } from 'node:crypto'
import { ACCESS_KEY, REGION, SECRET_KEY } from './start-endpoint.ts'

/**
 * Signature Version 4, written against its documentation and apart from the code under test.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export interface SignatureOptions {
  readonly accessKey?: string
  readonly secretKey?: string
  readonly region?: string
  /** Milliseconds that the signer's clock is ahead. */
  readonly skewMs?: number
  /** Sent, but not under the signature: lower case. */
  readonly unsignedHeaders?: readonly string[]
}

export interface Scope {
  /** YYYYMMDDTHHMMSSZ */
  readonly timestamp: string
  /** `YYYYMMDD/region/s3/aws4_request` */
  readonly scope: string
  readonly signingKey: Buffer
}

export function openScope(options: SignatureOptions): Scope {
  const { region = REGION, secretKey = SECRET_KEY, skewMs = 0 } = options
  const timestamp = new Date(Date.now() + skewMs).toISOString().replace(/[-:]|\.\d+/g, '')
  const parts = [timestamp.slice(0, 8), region, 's3', 'aws4_request']
  let signingKey = Buffer.from(`AWS4${secretKey}`)
  for (const part of parts) signingKey = createHmac('sha256', signingKey).update(part).digest()
  return { timestamp, scope: parts.join('/'), signingKey }
}

export interface CanonicalParts {
  readonly method: string
  /** Escaped. */
  readonly path: string
  /** Escaped and sorted. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly payloadHash: string
}

export interface Signed {
  readonly signedHeaders: string
  /** Hexadecimal. */
  readonly signature: string
}

export function sign(parts: CanonicalParts, { timestamp, scope, signingKey }: Scope): Signed {
  const names = Object.keys(parts.headers).toSorted()
  const signedHeaders = names.join(';')
  const canonical = [
    parts.method,
    parts.path,
    parts.query,
    names.map((name) => `${name}:${parts.headers[name]?.trim()}\n`).join(''),
    signedHeaders,
    parts.payloadHash,
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')
  return { signedHeaders, signature: createHmac('sha256', signingKey).update(text).digest('hex') }
}

export function credentialOf({ accessKey = ACCESS_KEY }: SignatureOptions, { scope }: Scope): string {
  return `${accessKey}/${scope}`
}

/** Hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** RFC 3986, as AWS wants it: all but the unreserved characters. */
export function escapeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export function escapePath(path: string): string {
  return path.split('/').map(escapeStrictly).join('/')
}

export function escapeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${escapeStrictly(name)}=${escapeStrictly(value)}`)
    .toSorted()
    .join('&')
}
