import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import {
  credentialOf,
  escapePath,
  escapeQuery,
  openScope,
  sha256,
  sign,
  type Scope,
  type SignatureOptions,
} from './signature.ts'
import { BUCKET, type Endpoint } from './start-endpoint.ts'

/** A request as it goes over the wire, which no SDK could bend this way. */
export interface Exchange extends SignatureOptions {
  readonly method?: string
  /** In the test's bucket. */
  readonly key?: string
  /** Instead of a key: unescaped, from the root. */
  readonly path?: string
  readonly query?: Readonly<Record<string, string>>
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The value of x-amz-content-sha256; by default the true one. */
  readonly payloadHash?: string
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Of an S3 error. */
  readonly code: string | undefined
}

/** What is about to be sent, for tests that spoil it. */
export interface Outgoing {
  readonly method: string
  target: string
  readonly headers: Record<string, string>
  body: Uint8Array
}

/** Signs in the Authorization header. */
export function signedRequest(endpoint: Endpoint, exchange: Exchange): Outgoing & { readonly seed: Seed } {
  const { method = 'GET', unsignedHeaders = [] } = exchange
  const scope = openScope(exchange)
  const body = Buffer.from(exchange.body ?? '')
  const payloadHash = exchange.payloadHash ?? sha256(body)
  const headers: Record<string, string> = {
    ...exchange.headers,
    host: new URL(endpoint.url).host,
    'x-amz-date': scope.timestamp,
    'x-amz-content-sha256': payloadHash,
  }
  const path = pathOf(exchange)
  const query = escapeQuery(exchange.query ?? {})
  const covered = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !unsignedHeaders.includes(name)),
  )
  const { signature, signedHeaders } = sign({ method, path, query, headers: covered, payloadHash }, scope)
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentialOf(exchange, scope)}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  return {
    method,
    target: query === '' ? path : `${path}?${query}`,
    headers,
    body,
    seed: { ...scope, signature },
  }
}

/** What the signatures of a body's chunks build on. */
export interface Seed extends Scope {
  readonly signature: string
}

/** Signs in the query. The headers are put under the signature. @param exchange `expires` in seconds, default 300 */
export function presignedRequest(
  endpoint: Endpoint,
  exchange: Exchange & { readonly expires?: number | string },
): Outgoing {
  const { method = 'GET', expires = 300 } = exchange
  const scope = openScope(exchange)
  const headers: Record<string, string> = { ...exchange.headers, host: new URL(endpoint.url).host }
  const path = pathOf(exchange)
  const query = escapeQuery({
    ...exchange.query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': credentialOf(exchange, scope),
    'X-Amz-Date': scope.timestamp,
    'X-Amz-Expires': String(expires),
    'X-Amz-SignedHeaders': Object.keys(headers).toSorted().join(';'),
  })
  const payloadHash = exchange.query?.['X-Amz-Content-Sha256'] ?? 'UNSIGNED-PAYLOAD'
  const { signature } = sign({ method, path, query, headers, payloadHash }, scope)
  return {
    method,
    target: `${path}?${query}&X-Amz-Signature=${signature}`,
    headers,
    body: Buffer.from(exchange.body ?? ''),
  }
}

function pathOf({ key = '', path = `/${BUCKET}/${key}` }: Exchange): string {
  return escapePath(path)
}

/** Sends a request on a connection of its own. */
export async function send(endpoint: Endpoint, outgoing: Outgoing): Promise<Answer> {
  const { method, target, headers, body } = outgoing
  const { hostname, port } = new URL(endpoint.url)
  const length = body.length > 0 || method === 'PUT' || method === 'POST'
  const request = httpRequest({
    hostname,
    port,
    method,
    path: target,
    agent: false,
    headers: { ...(length && { 'content-length': body.length }), ...headers },
  })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
  const chunks: Buffer[] = []
  for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
    code: /^\s*<\?xml[^>]*>\s*<Error>.*?<Code>([^<]*)<\/Code>/s.exec(text)?.[1],
  }
}

/** Signs and sends. */
export async function exchange(endpoint: Endpoint, wanted: Exchange): Promise<Answer> {
  return await send(endpoint, signedRequest(endpoint, wanted))
}

/** The texts of all elements of a name, entities resolved. */
export function elements({ text }: Answer, name: string): string[] {
  return [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, inner = '']) =>
    inner.replace(
      /&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g,
      (whole, decimal?: string, hexadecimal?: string, entity?: string) =>
        entity === undefined
          ? String.fromCodePoint(
              decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal),
            )
          : (ENTITIES[entity] ?? whole),
    ),
  )
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
