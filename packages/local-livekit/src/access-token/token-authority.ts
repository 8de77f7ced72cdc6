import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose'
import { claimsSchema, type Claims } from './claims.ts'

/** Tokens sent to clients so that they can reconnect live at least as long as livekit-server's. */
const REFRESHED_TOKEN_SECONDS = 600
const CLOCK_TOLERANCE_SECONDS = 60

/** A token was missing or refused; `message` is livekit-server's text, which clients show. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
}

/** Verifies and issues access tokens of one API key. */
export class TokenAuthority {
  readonly #apiKey: string
  readonly #secret: Uint8Array

  constructor(apiKey: string, apiSecret: string) {
    this.#apiKey = apiKey
    this.#secret = new TextEncoder().encode(apiSecret)
  }

  /**
   * Claims of a token.
   * @throws TokenError when it is no token, of another key, forged or expired
   */
  async verify(token: string): Promise<Claims> {
    const issuer = issuerOf(token)
    if (issuer === undefined) throw new TokenError('invalid authorization token')
    if (issuer !== this.#apiKey) throw new TokenError(`invalid API key: ${issuer}`)
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ['HS256'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      })
      return claimsSchema.parse(payload)
    } catch (error) {
      throw new TokenError(`invalid token: ${token}, error: ${describe(error, token)}`, { cause: error })
    }
  }

  /** A token with the same rights, valid for ten minutes from now, or as long as the claims when that is longer. */
  async issue(claims: Claims): Promise<string> {
    const { iss: _iss, sub, exp = 0, roomConfig, ...rest } = claims
    const soonest = Math.floor(Date.now() / 1000) + REFRESHED_TOKEN_SECONDS
    return new SignJWT({
      ...rest,
      ...(roomConfig && { roomConfig: roomConfig.toJson() }),
    } satisfies JWTPayload)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(this.#apiKey)
      .setSubject(sub)
      .setNotBefore('0s')
      .setExpirationTime(Math.max(soonest, exp))
      .sign(this.#secret)
  }

  /** A token that proves that a webhook's body is ours: the claim `sha256` is base64 of the body's hash. */
  async signBody(sha256: string, lifetimeSeconds: number): Promise<string> {
    return new SignJWT({ sha256 })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(this.#apiKey)
      .setNotBefore('0s')
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(this.#secret)
  }
}

/** The issuer that an unverified token names; undefined when it is no JWT. */
function issuerOf(token: string): string | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  try {
    const payload: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString())
    return claimsSchema.pick({ iss: true }).parse(payload).iss
  } catch {
    // Not JSON, or no issuer: no token of ours, which the caller reports
    return undefined
  }
}

/** The texts of the Go library that livekit-server uses. */
function describe(error: unknown, token: string): string {
  if (error instanceof errors.JWTExpired) return 'token has invalid claims: token is expired'
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'token signature is invalid: signature is invalid'
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `token signature is invalid: signing method ${algorithmOf(token)} is invalid`
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
    return 'token has invalid claims: token is not valid yet'
  return error instanceof Error ? error.message : String(error)
}

function algorithmOf(token: string): string {
  return String(decodeProtectedHeader(token).alg)
}
