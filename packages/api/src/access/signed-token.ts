import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { AppError } from '../app-error.ts'

const ALGORITHM = 'HS256'

const ExpirySchema = z.object({ exp: z.number() })

/**
 * Signs `claims` as a JWT (RFC 7519) that ends at `expiresAtMs` (ms since the epoch, rounded down to seconds).
 */
export async function signToken(
  key: Uint8Array,
  claims: Record<string, string | boolean>,
  nowMs: number,
  expiresAtMs: number,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor(expiresAtMs / 1000))
    .sign(key)
}

/**
 * Checks signature and expiry and reads the claims by `schema`.
 * @throws AppError UNAUTHORIZED with `message` when the token is not a good one
 */
export async function verifyToken<Schema extends z.ZodObject>(
  key: Uint8Array,
  token: string,
  schema: Schema,
  nowMs: number,
  message: string,
): Promise<z.infer<Schema> & { exp: number }> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      requiredClaims: ['exp'],
      currentDate: new Date(nowMs),
    })
    return { ...schema.parse(payload), ...ExpirySchema.parse(payload) }
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) {
      throw new AppError('UNAUTHORIZED', message, { cause: error })
    }
    throw error
  }
}
