import cookie from '@fastify/cookie'
import { type Api, type ApiConfig, AppError } from '@roomreel/api'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { registerSecurityHeaders } from './security-headers.ts'
import { registerErrorHandler, sendAppError } from './error-handler.ts'
import { registerHealthRoutes } from './health-routes.ts'
import { registerMediaRoute } from './media-route.ts'
import { registerMetrics } from './metrics.ts'
import { registerPages } from './pages.ts'
import { type ProductMetrics, registerGauges } from './product-metrics.ts'
import { registerTrpc } from './trpc-route.ts'
import { registerWebhookRoute } from './webhook-route.ts'

/** Most bytes of a request body; the webhook route has a limit of its own. */
const BODY_LIMIT = 100 * 1024
/** ms within which the headers of a request, and all of it, have to arrive. */
const HEADERS_LIMIT_MS = 10_000
const REQUEST_LIMIT_MS = 60_000

export interface HttpServerParts {
  readonly api: Api
  readonly registry: Registry
  readonly metrics: ProductMetrics
  readonly config: Pick<ApiConfig, 'livekit' | 's3'>
  /** Whose pages may show ours in a frame, as CSP names them. */
  readonly frameAncestors: readonly string[]
  /** Addresses and networks whose word is taken for who the client is. */
  readonly trustedProxies: readonly string[]
  readonly log: Logger
  /** Folder of the built SPA. */
  readonly webRoot: string
  /** Whether the process is finishing what runs, and takes no new work. */
  readonly isDraining: () => boolean
  /** What the embedded recorder lacks, if there is one and it lacks something. */
  readonly recorderProblem: () => string | undefined
}

/** Every route of the product, ready to listen. */
export async function buildHttpServer(parts: HttpServerParts): Promise<FastifyInstance> {
  const { api, registry, metrics, config, log, webRoot, isDraining, recorderProblem } = parts
  const logger: FastifyBaseLogger = log
  const app = fastify({
    loggerInstance: logger,
    // One line a request is written with the metrics: the default ones carry the URL, which may hold a ticket
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    // The reverse proxy in front says who the client is; from all others that would be a forgery
    trustProxy: [...parts.trustedProxies],
    // Recording names are long, and tRPC batches are longer
    routerOptions: { maxParamLength: 5_000 },
    // A path that can't be decoded gets as far as no route, and no handler of errors
    frameworkErrors: (_error, _request, reply) => {
      sendAppError(reply, new AppError('BAD_REQUEST', 'This request is not valid.'))
    },
    // Whoever is being answered when the process is told to end gets that answer: see closeHttpServer
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // A request that drips in slowly ends its connection and nothing else; answers may take as long as they take
    requestTimeout: REQUEST_LIMIT_MS,
    http: { headersTimeout: HEADERS_LIMIT_MS, connectionsCheckingInterval: HEADERS_LIMIT_MS / 4 },
  })

  // Their readers come back, to another replica; nobody would wait for the end of what has none
  app.addHook('preClose', async () => api.endSubscriptions())
  registerErrorHandler(app)
  registerMetrics(app, registry)
  registerGauges(registry, api)
  await app.register(cookie)
  await registerSecurityHeaders(app, config, parts.frameAncestors)
  await registerTrpc(app, api, log)
  registerWebhookRoute(app, api)
  registerMediaRoute(app, api, metrics)
  registerHealthRoutes(app, api, isDraining, recorderProblem)
  await registerPages(app, webRoot)
  return app
}
