import type { S3Request } from '../http/s3-request.ts'
import { headerValues } from './header-values.ts'
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
  const headers = signedHeaders
    .map((name) => `${name}:${(values.get(name) ?? []).join(',').replace(/ +/g, ' ')}\n`)
    .join('')
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
