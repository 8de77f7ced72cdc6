import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'

/** The tRPC codes this product answers with; the HTTP status follows from tRPC's own table. */
export type AppErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'TOO_MANY_REQUESTS'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

/**
 * The one error of this product. `message` is for people and is shown to them as it is; `cause` is for the log
 * and never leaves the server.
 */
export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

const UNEXPECTED = 'Something went wrong on the server. Try again; if it stays, tell whoever runs it.'

/** Turns whatever was thrown into an AppError: a known one is found through wrapping causes, the rest is unexpected. */
export function toAppError(thrown: unknown): AppError {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if (error instanceof AppError) return error
    // Text that can't be percent-decoded, or holds half a character: it came from outside
    if (error instanceof URIError)
      return new AppError('BAD_REQUEST', 'The request is not valid.', { cause: thrown })
    if (error instanceof ZodError && thrown instanceof TRPCError && thrown.code === 'BAD_REQUEST') {
      return new AppError('BAD_REQUEST', describeIssues(error), { cause: thrown })
    }
  }
  if (thrown instanceof TRPCError) {
    const code = CLIENT_FAULTS[thrown.code]
    // tRPC's own complaints (unknown procedure, wrong method, no JSON) speak of the request alone
    if (code) return new AppError(code, thrown.message, { cause: thrown })
  }
  return new AppError('INTERNAL_SERVER_ERROR', UNEXPECTED, { cause: thrown })
}

const CLIENT_FAULTS: Partial<Record<TRPCError['code'], AppErrorCode>> = {
  BAD_REQUEST: 'BAD_REQUEST',
  PARSE_ERROR: 'BAD_REQUEST',
  NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_SUPPORTED: 'BAD_REQUEST',
  UNSUPPORTED_MEDIA_TYPE: 'BAD_REQUEST',
  PAYLOAD_TOO_LARGE: 'BAD_REQUEST',
}

function describeIssues(error: ZodError): string {
  const [issue] = error.issues
  if (!issue) return 'The request is not valid.'
  const path = issue.path.join('.')
  return path ? `${path}: ${issue.message}` : issue.message
}
