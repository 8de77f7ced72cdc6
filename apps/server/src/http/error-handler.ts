import { AppError, type AppErrorCode, toAppError } from '@roomreel/api'
import type { FastifyInstance, FastifyReply } from 'fastify'

const STATUS: Record<AppErrorCode, number> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
}

/** Errors of the plain routes: the AppError's words and status; what was not foreseen is logged and told as such. */
export function registerErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler(async (error, request, reply) => {
    const refused = refusedByFastify(error)
    if (refused) {
      request.log.debug({ err: error }, 'request refused')
      return reply.code(refused.status).send({ code: refused.code, message: refused.message })
    }
    const appError = toAppError(error)
    const isOurFault = appError.code === 'INTERNAL_SERVER_ERROR' || appError.code === 'SERVICE_UNAVAILABLE'
    request.log[isOurFault ? 'error' : 'debug']({ err: error, code: appError.code }, 'request failed')
    return sendAppError(reply, appError)
  })
  app.setNotFoundHandler(async (_request, reply) =>
    sendAppError(reply, new AppError('NOT_FOUND', 'There is nothing here.')),
  )
}

export function sendAppError(reply: FastifyReply, error: AppError): FastifyReply {
  return reply.code(STATUS[error.code]).send({ code: error.code, message: error.message })
}

interface Refusal {
  readonly status: number
  readonly code: AppErrorCode
  readonly message: string
}

/** Fastify's own complaints of a request (too large, malformed, of another type) carry a status below 500. */
function refusedByFastify(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined
  if (!('statusCode' in error) || typeof error.statusCode !== 'number') return undefined
  const status = error.statusCode
  if (status < 400 || status >= 500) return undefined
  if (status === 429)
    return { status, code: 'TOO_MANY_REQUESTS', message: 'Too many requests. Wait a moment.' }
  const message = status === 413 ? 'This request is too large.' : 'This request is not valid.'
  return { status, code: 'BAD_REQUEST', message }
}
