import type { IncomingMessage } from 'node:http'
import { utf8Of, type S3Request } from '../http/s3-request.ts'
import { uriEncode, uriEncodePath } from './uri-encode.ts'

/**
 * The canonical request of Signature Version 4, as S3 wants it: the path is escaped once and not normalised.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @param signedHeaders lower case, in the order the client listed them
 */
export function canonicalRequest(
  request: S3Request,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const values = headerValues(request.message)
  const headers = signedHeaders.map((name) => `${name}:${(values.get(name) ?? []).join(',')}\n`).join('')
  return [
    request.method,
    uriEncodePath(request.path),
    canonicalQuery(request),
    headers,
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

function canonicalQuery(request: S3Request): string {
  return request.query.pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .toSorted(([a, aValue], [b, bValue]) => compareAscii(a, b) || compareAscii(aValue, bValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compareAscii(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** From the raw headers: Node's own joining drops repeats of some names, the client signed all of them. */
function headerValues(message: IncomingMessage): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    const name = (message.rawHeaders[at] ?? '').toLowerCase()
    const value = utf8Of(message.rawHeaders[at + 1] ?? '')
      .trim()
      .replace(/ +/g, ' ')
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return values
}
