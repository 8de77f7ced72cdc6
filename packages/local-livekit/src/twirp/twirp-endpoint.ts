import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Claims } from '../access-token/claims.ts'
import { requestToken } from '../access-token/request-token.ts'
import { TokenError, type TokenAuthority } from '../access-token/token-authority.ts'
import { TwirpError } from './twirp-error.ts'
import type { TwirpMethod, TwirpService } from './twirp-method.ts'

const PREFIX = '/twirp/'
/** Far more than the largest room metadata anybody sends. */
const MAX_BODY_BYTES = 4 * 1024 * 1024
const JSON_TYPE = 'application/json'
const PROTOBUF_TYPE = 'application/protobuf'

export interface TwirpEndpointOptions {
  /** Services by full name, `livekit.RoomService` and so on. */
  services: Readonly<Record<string, TwirpService>>
  authority: TokenAuthority
  logger: Logger
}

/** Serves Twirp calls in JSON and protobuf (Twirp wire protocol v7). */
export class TwirpEndpoint {
  readonly #options: TwirpEndpointOptions

  constructor(options: TwirpEndpointOptions) {
    this.#options = options
  }

  /** True for paths that belong to Twirp. */
  accepts(pathname: string): boolean {
    return pathname.startsWith(PREFIX)
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [serviceName = '', methodName = ''] = url.pathname.slice(PREFIX.length).split('/')
    const service = Object.hasOwn(this.#options.services, serviceName)
      ? this.#options.services[serviceName]
      : undefined
    if (!service) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n')
      return
    }
    try {
      const claims = await this.#authenticate(request, url)
      const { method, isJson } = route(request, url, service, methodName)
      const body = await readBody(request)
      const answer = await method.call(body, isJson, claims)
      // All fields are written, also empty ones, under their protobuf names: as Go's Twirp does
      const encoded = isJson
        ? JSON.stringify(answer.toJson({ useProtoFieldName: true, emitDefaultValues: true }))
        : Buffer.from(answer.toBinary())
      response.writeHead(200, { 'content-type': isJson ? JSON_TYPE : PROTOBUF_TYPE }).end(encoded)
    } catch (error) {
      this.#answerError(response, url, error)
    }
  }

  async #authenticate(request: IncomingMessage, url: URL): Promise<Claims | undefined> {
    const token = requestToken(request, url)
    return token === undefined ? undefined : this.#options.authority.verify(token)
  }

  #answerError(response: ServerResponse, url: URL, error: unknown): void {
    if (error instanceof TokenError) {
      response.writeHead(401, { 'content-type': 'text/plain; charset=utf-8' }).end(`${error.message}\n`)
      return
    }
    let known: TwirpError
    if (error instanceof TwirpError) known = error
    else {
      this.#options.logger.error({ err: error, path: url.pathname }, 'API call failed')
      known = new TwirpError('internal', 'internal error')
    }
    const { code, message, meta, status } = known
    response
      .writeHead(status, { 'content-type': JSON_TYPE })
      .end(JSON.stringify({ code, msg: message, ...(meta && { meta }) }))
  }
}

function route(
  request: IncomingMessage,
  url: URL,
  service: TwirpService,
  name: string,
): { method: TwirpMethod; isJson: boolean } {
  const bad = (message: string): TwirpError =>
    new TwirpError('bad_route', message, { twirp_invalid_route: `${request.method ?? ''} ${url.pathname}` })
  if (request.method !== 'POST')
    throw bad(`unsupported method "${request.method ?? ''}" (only POST is allowed)`)
  const method = Object.hasOwn(service, name) ? service[name] : undefined
  if (!method) throw bad(`no handler for path "${url.pathname}"`)
  const header = request.headers['content-type'] ?? ''
  const type = (header.split(';')[0] ?? '').trim().toLowerCase()
  if (type !== JSON_TYPE && type !== PROTOBUF_TYPE) throw bad(`unexpected Content-Type: "${header}"`)
  return { method, isJson: type === JSON_TYPE }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    length += bytes.length
    if (length > MAX_BODY_BYTES) throw new TwirpError('malformed', 'failed to read request body')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
