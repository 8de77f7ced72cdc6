import {
  type Api,
  type ApiRequest,
  type AppRouter,
  appRouter,
  isOwnOrigin,
  SESSION_COOKIE,
  SESSION_SECONDS,
  toAppError,
} from '@roomreel/api'
import type { TRPCRequestInfo } from '@trpc/server/http'
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import { adminDevice } from './admin-device.ts'
import { shareVisits } from './share-visits.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'

/** An EventSource can't send headers, so subscriptions bring the room token here. */
const ConnectionParams = z
  .object({ token: z.string().min(1).optional() })
  .nullable()
  .catch(null)

const FetchSite = z.string().optional()

/** Mounts the typed router at `/trpc`. */
export async function registerTrpc(app: FastifyInstance, api: Api, log: Logger): Promise<void> {
  const options: FastifyTRPCPluginOptions<AppRouter> = {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      createContext: ({ req, res, info }) =>
        api.createContext(apiRequest(req, res, info, log.child({ reqId: req.id }))),
      onError({ error, path, ctx }) {
        const appError = toAppError(error)
        const isOurFault =
          appError.code === 'INTERNAL_SERVER_ERROR' || appError.code === 'SERVICE_UNAVAILABLE'
        const requestLog = ctx?.request.log ?? log
        requestLog[isOurFault ? 'error' : 'debug'](
          { err: appError.cause ?? appError, path, code: appError.code },
          'procedure failed',
        )
      },
    },
  }
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      // Answers are for who asked, and have URLs that open recordings
      reply.header('cache-control', 'no-store')
    })
    scope.addHook('preValidation', async (request) => {
      // A call without input has no body, which would not be JSON
      if (request.body === '') request.body = 'null'
    })
    await scope.register(fastifyTRPCPlugin, options)
  })
}

function apiRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  info: TRPCRequestInfo,
  log: Logger,
): ApiRequest {
  const header = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return {
    credentials: {
      bearer: header ?? ConnectionParams.parse(info.connectionParams)?.token,
      session: request.cookies[SESSION_COOKIE],
    },
    address: request.ip,
    origin: `${request.protocol}://${request.host}`,
    isOwnOrigin: isOwnOrigin({
      origin: request.headers.origin,
      secFetchSite: FetchSite.parse(request.headers['sec-fetch-site']),
      host: request.host,
    }),
    log,
    setSession(token) {
      const attributes = {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: request.protocol === 'https',
      } as const
      if (token === undefined) reply.clearCookie(SESSION_COOKIE, attributes)
      else reply.setCookie(SESSION_COOKIE, token, { ...attributes, maxAge: SESSION_SECONDS })
    },
    ...adminDevice(request, reply),
    ...shareVisits(request, reply),
  }
}
