import type { IncomingMessage } from 'node:http'
import { S3Error } from '../s3-error.ts'

const MAX_KEY_BYTES = 1024

/** A request, its target taken apart once. Nothing in here has been authenticated. */
export interface S3Request {
  readonly method: string
  /** As sent. */
  readonly rawPath: string
  /** Percent-decoded, never normalised: `..` and `//` are ordinary characters of a key. */
  readonly path: string
  /** Absent for the service itself (`/`). */
  readonly bucket: string | undefined
  /** Absent for a bucket itself. */
  readonly key: string | undefined
  readonly query: S3Query
  readonly message: IncomingMessage
}

/** Query parameters in the order they came, decoded; names are case-sensitive and may repeat. */
export class S3Query {
  readonly pairs: ReadonlyArray<readonly [name: string, value: string]>

  constructor(rawQuery: string) {
    this.pairs = rawQuery
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const cut = pair.indexOf('=')
        return cut < 0
          ? ([decodeQuery(pair), ''] as const)
          : ([decodeQuery(pair.slice(0, cut)), decodeQuery(pair.slice(cut + 1))] as const)
      })
  }

  /** The first value of that name. */
  get(name: string): string | undefined {
    return this.pairs.find(([candidate]) => candidate === name)?.[1]
  }

  has(name: string): boolean {
    return this.pairs.some(([candidate]) => candidate === name)
  }
}

/**
 * Takes the request target apart, path style (`/bucket/key`).
 *
 * @throws S3Error InvalidURI for what is no path or no UTF-8, KeyTooLongError
 */
export function parseS3Request(message: IncomingMessage): S3Request {
  // RFC 9112 section 3.2.2: the absolute form must be taken, too
  const target = (message.url ?? '').replace(/^http:\/\/[^/?]*/, '')
  if (!target.startsWith('/')) throw new S3Error('InvalidURI')
  const cut = target.indexOf('?')
  const rawPath = cut < 0 ? target : target.slice(0, cut)
  const path = decodePercent(rawPath)
  const slash = path.indexOf('/', 1)
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash)
  const key = slash < 0 ? '' : path.slice(slash + 1)
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError')
  return {
    method: message.method ?? '',
    rawPath,
    path,
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query: new S3Query(cut < 0 ? '' : target.slice(cut + 1)),
    message,
  }
}

/** A header's value, several of one name joined as HTTP joins them. */
export function headerOf(request: S3Request, name: string): string | undefined {
  const value = request.message.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

/** Node gives header bytes as Latin-1; clients that go beyond ASCII send UTF-8. */
export function utf8Of(headerValue: string): string {
  return Buffer.from(headerValue, 'latin1').toString('utf8')
}

/** RFC 9112 section 6.3: a request that announces no body has none. */
export function hasBody(request: S3Request): boolean {
  const length = headerOf(request, 'content-length')
  return headerOf(request, 'transfer-encoding') !== undefined || (length !== undefined && length !== '0')
}

/** @throws S3Error InvalidURI for a broken escape or bytes that are no UTF-8 */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new S3Error('InvalidURI', undefined, { cause })
  }
}

function decodeQuery(text: string): string {
  return decodePercent(text.replaceAll('+', ' '))
}
