import { createHmac } from 'node:crypto'
import type { Exchange, Outgoing } from './exchange.ts'
import { escapePath, escapeStrictly } from './signature.ts'
import { ACCESS_KEY, BUCKET, SECRET_KEY, type Endpoint } from './start-endpoint.ts'

export interface ExchangeV2 extends Omit<Exchange, 'query'> {
  /** Under the signature: sub-resources and `response-*`. */
  readonly query?: Readonly<Record<string, string>>
  /** Seconds since 1970; by default in five minutes. */
  readonly expiresAt?: number | string
}

/**
 * Signs in the query with Signature Version 2, written against its documentation and apart from the code under test.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
 */
export function presignedV2Request(endpoint: Endpoint, wanted: ExchangeV2): Outgoing {
  const { method = 'GET', key = '', query = {}, headers = {}, skewMs = 0 } = wanted
  const { accessKey = ACCESS_KEY, secretKey = SECRET_KEY } = wanted
  const expires = String(wanted.expiresAt ?? Math.floor((Date.now() + skewMs) / 1000) + 300)
  const path = escapePath(wanted.path ?? `/${BUCKET}/${key}`)
  const subresources = Object.entries(query)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  const amzHeaders = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
  const text = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    expires,
    `${amzHeaders}${path}${subresources === '' ? '' : `?${subresources}`}`,
  ].join('\n')
  const signature = createHmac('sha1', secretKey).update(text).digest('base64')
  const parameters = Object.entries({
    ...query,
    AWSAccessKeyId: accessKey,
    Expires: expires,
    Signature: signature,
  }).map(([name, value]) => `${escapeStrictly(name)}=${escapeStrictly(value)}`)
  return {
    method,
    target: `${path}?${parameters.join('&')}`,
    headers: { ...headers, host: new URL(endpoint.url).host },
    body: Buffer.from(wanted.body ?? ''),
  }
}
