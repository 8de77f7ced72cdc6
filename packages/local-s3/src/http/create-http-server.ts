import { randomBytes } from 'node:crypto'
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { Credentials } from '../auth/credentials.ts'
import { verifySignature } from '../auth/verify-signature.ts'
import { answerCall } from '../operations/answer-call.ts'
import { errnoOf, S3Error } from '../s3-error.ts'
import type { Store } from '../store/store.ts'
import { answerPreflight, isPreflight, setCorsHeaders } from './cors.ts'
import { INSTANCE_HEADER } from './instance-header.ts'
import { parseS3Request, type S3Request } from './s3-request.ts'
import { sendEmpty, sendError } from './send.ts'

const MAX_HEADER_BYTES = 32 * 1024
const MAX_CONNECTIONS = 1024
/** How long a client may take for the headers of a request. */
const HEADERS_TIMEOUT_MS = 20_000
/** How long a connection may do nothing at all, be it in a body or because a player is paused. */
const IDLE_TIMEOUT_MS = 5 * 60_000
/** Longer than SDKs keep a connection for its next use, so that they close it and not we. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000

export interface HttpServerOptions {
  /** Settles when requests can be answered; they wait for it. */
  readonly store: Promise<Store>
  readonly credentials: Credentials
  /** Names this run of the server. */
  readonly instance: string
  readonly logger: Logger
  readonly now: () => number
}

/** The endpoint's HTTP side: limits, request ids, CORS, authentication, and one place where errors become answers. */
export function createHttpServer(options: HttpServerOptions): Server {
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    answer(message, response, options).catch((error: unknown) => {
      options.logger.error({ err: error }, 'a request could not be answered')
      response.destroy()
    })
  }
  const server = http.createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 5000,
      // A body may take as long as it makes progress
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    listener,
  )
  // The body's reader says `100 Continue`, once it is known that the body is wanted
  server.on('checkContinue', listener)
  server.on('clientError', (error, socket) => refuseConnection(error, socket, options.logger))
  // Such as no file descriptor left for another connection; those that exist go on
  server.on('error', (error) =>
    options.logger.error({ err: error }, 'the server had a problem with its port'),
  )
  server.timeout = IDLE_TIMEOUT_MS
  server.maxConnections = MAX_CONNECTIONS
  return server
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const { credentials, instance, logger, now } = options
  const requestId = randomBytes(8).toString('hex').toUpperCase()
  response.setHeader('x-amz-request-id', requestId)
  response.setHeader(INSTANCE_HEADER, instance)
  response.setHeader('accept-ranges', 'bytes')
  response.on('error', (error) => logger.debug({ err: error, requestId }, 'the client has gone'))
  let request: S3Request | undefined
  try {
    request = parseS3Request(message)
    if (isPreflight(request)) return answerPreflight(request, response)
    setCorsHeaders(request, response)
    if (request.method === 'OPTIONS') return sendEmpty(response, 200)
    const signature = verifySignature(request, credentials, now())
    const store = await options.store
    await answerCall({ request, response, signature, store, logger, now })
  } catch (thrown) {
    const error = S3Error.from(thrown)
    const about = { requestId, method: message.method, url: message.url?.split('?')[0] }
    if (error.status >= 500 && !hasLeft(thrown, message))
      logger.error({ ...about, err: thrown }, 'a request failed')
    else logger.debug({ ...about, code: error.code }, 'a request was refused')
    if (response.headersSent) response.destroy()
    else {
      const resource = message.url?.split('?')[0] ?? ''
      sendError(response, error, {
        requestId,
        instance,
        resource,
        bucket: request?.bucket,
        key: request?.key,
      })
    }
  } finally {
    // What is left of a body must go past before the next request on this connection
    message.resume()
  }
}

const GONE = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/** The client has left in the middle of its body or of ours. That is its right, and no fault of ours. */
function hasLeft(thrown: unknown, message: IncomingMessage): boolean {
  return message.socket.destroyed && GONE.has(errnoOf(thrown) ?? '')
}

/** What is no HTTP ends its connection and nothing else. */
function refuseConnection(error: Error, socket: Duplex, logger: Logger): void {
  logger.debug({ err: error }, 'a connection was refused')
  if (errnoOf(error) === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status =
    errnoOf(error) === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
