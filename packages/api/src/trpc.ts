import { initTRPC, TRPCError } from '@trpc/server'
import { assertAccess } from './access/access-table.ts'
import type { LibraryPrincipal } from './access/principal.ts'
import { tellAudit } from './audit/tell-audit.ts'
import { AppError, toAppError } from './app-error.ts'
import type { ApiContext } from './context.ts'

const t = initTRPC.context<ApiContext>().create({
  isDev: false,
  sse: {
    // Proxies close what is silent; a client that misses two pings comes back
    ping: { enabled: true, intervalMs: 10_000 },
    client: { reconnectAfterInactivityMs: 25_000 },
  },
  errorFormatter({ shape, error }) {
    // The one funnel for what leaves the server: tRPC would pass on the message of whatever was thrown
    const appError = toAppError(error)
    const { code, httpStatus } = STATUS[appError.code]
    return {
      ...shape,
      code,
      message: appError.message,
      data: { code: appError.code, httpStatus, path: shape.data.path },
    }
  },
})

/** JSON-RPC code and HTTP status of each code, as tRPC itself has them. */
const STATUS = {
  BAD_REQUEST: { code: -32600, httpStatus: 400 },
  UNAUTHORIZED: { code: -32001, httpStatus: 401 },
  FORBIDDEN: { code: -32003, httpStatus: 403 },
  NOT_FOUND: { code: -32004, httpStatus: 404 },
  CONFLICT: { code: -32009, httpStatus: 409 },
  TOO_MANY_REQUESTS: { code: -32029, httpStatus: 429 },
  SERVICE_UNAVAILABLE: { code: -32603, httpStatus: 503 },
  INTERNAL_SERVER_ERROR: { code: -32603, httpStatus: 500 },
} as const satisfies Record<AppError['code'], { code: number; httpStatus: number }>

export const router = t.router

/**
 * A procedure for whoever the access table lets through. What changes something has to come from our own page.
 * The audit log is told of it. What a function threw becomes the tRPC code that its AppError has.
 */
export const publicProcedure = t.procedure.use(async ({ ctx, path, type, getRawInput, next }) => {
  if (type === 'mutation' && !ctx.request.isOwnOrigin) {
    throw asTrpcError(new AppError('FORBIDDEN', 'This was asked for by another site.'))
  }
  try {
    await assertAccess(path, ctx.principal)
  } catch (error) {
    throw asTrpcError(error)
  }
  const result = await next()
  if (!result.ok) {
    const error = asTrpcError(result.error)
    await tellAudit(ctx, path, getRawInput, { code: error.code })
    throw error
  }
  await tellAudit(ctx, path, getRawInput, { output: result.data })
  return result
})

function asTrpcError(thrown: unknown): TRPCError {
  const error = toAppError(thrown)
  return new TRPCError({ code: error.code, message: error.message, cause: error })
}

/** Somebody in a room session. */
export const participantProcedure = publicProcedure.use(async ({ ctx, type, next }) => {
  const principal = await ctx.principal()
  if (principal.kind !== 'participant') throw notInTable()
  countChange(ctx, principal, type)
  return next({ ctx: { ...ctx, principal } })
})

/** Somebody in a room session, for its recordings, or the admin, for all. */
export const libraryProcedure = publicProcedure.use(async ({ ctx, type, next }) => {
  const principal = await ctx.principal()
  if (principal.kind === 'anonymous') throw notInTable()
  countChange(ctx, principal, type)
  return next({ ctx: { ...ctx, principal } })
})

/** The admin alone. */
export const adminProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const principal = await ctx.principal()
  if (principal.kind !== 'admin') throw notInTable()
  return next({ ctx: { ...ctx, principal } })
})

/** What somebody changes is limited, whatever addresses it comes from. */
function countChange({ services }: ApiContext, who: LibraryPrincipal, type: string): void {
  if (type !== 'mutation') return
  services.rateLimits.countChange(who.kind === 'participant' ? `${who.roomId} ${who.identity}` : who.kind)
}

/** The access table lets somebody through for whom the procedure was not written. */
function notInTable(): Error {
  return new Error('the access table and the procedure disagree')
}
