/** Twirp error codes and their HTTP status (https://twitchtv.github.io/twirp/docs/spec_v7.html#error-codes). */
export const TWIRP_STATUS = {
  canceled: 408,
  unknown: 500,
  invalid_argument: 400,
  malformed: 400,
  deadline_exceeded: 408,
  not_found: 404,
  bad_route: 404,
  already_exists: 409,
  permission_denied: 403,
  unauthenticated: 401,
  resource_exhausted: 429,
  failed_precondition: 412,
  aborted: 409,
  out_of_range: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  dataloss: 500,
} as const

export type TwirpCode = keyof typeof TWIRP_STATUS

/** An error that the caller of the API is told as it is. */
export class TwirpError extends Error {
  override readonly name = 'TwirpError'
  readonly code: TwirpCode
  readonly meta: Readonly<Record<string, string>> | undefined

  constructor(code: TwirpCode, message: string, meta?: Readonly<Record<string, string>>) {
    super(message)
    this.code = code
    this.meta = meta
  }

  get status(): number {
    return TWIRP_STATUS[this.code]
  }
}

/** livekit-server's services wrap what they return; clients see this prefix. */
const SERVICE_PREFIX = 'twirp error unknown: '

/** An error of a service, as opposed to one of routing, decoding or authentication. */
export function serviceError(code: TwirpCode, text: string): TwirpError {
  return new TwirpError(code, SERVICE_PREFIX + text)
}

export function isTwirpCode(code: unknown): code is TwirpCode {
  return typeof code === 'string' && Object.hasOwn(TWIRP_STATUS, code)
}
