import { createHash, createHmac } from 'node:crypto'
import { ACCESS_KEY, REGION, SECRET_KEY } from './start-test-server.ts'

const strictly = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * A presigned request target, made without a URL parser so that any key can be asked for. Written against the
 * documentation and apart from the code under test, which it is to check.
 *
 * @param headers to be sent along, by lower-case name; they are put under the signature
 */
export function signedTarget(
  method: string,
  url: string,
  bucket: string,
  key: string,
  query: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): string {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = [timestamp.slice(0, 8), REGION, 's3', 'aws4_request']
  const canonicalHeaders = Object.entries({ ...headers, host: new URL(url).host })
    .map(([name, value]) => `${name}:${value}\n`)
    .toSorted()
  const signedHeaders = canonicalHeaders.map((line) => line.split(':')[0]).join(';')
  const parameters = Object.entries({
    ...query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [ACCESS_KEY, ...scope].join('/'),
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': '300',
    'X-Amz-SignedHeaders': signedHeaders,
  })
    .map(([name, value]) => `${strictly(name)}=${strictly(value)}`)
    .toSorted()
    .join('&')
  const target = `/${[bucket, ...key.split('/')].map(strictly).join('/')}`
  const payload = query['X-Amz-Content-Sha256'] ?? 'UNSIGNED-PAYLOAD'
  const canonical = [method, target, parameters, canonicalHeaders.join(''), signedHeaders, payload].join('\n')
  const hash = createHash('sha256').update(canonical).digest('hex')
  let signature: Buffer | string = `AWS4${SECRET_KEY}`
  for (const part of [...scope, ['AWS4-HMAC-SHA256', timestamp, scope.join('/'), hash].join('\n')])
    signature = createHmac('sha256', signature).update(part).digest()
  return `${target}?${parameters}&X-Amz-Signature=${Buffer.from(signature).toString('hex')}`
}
