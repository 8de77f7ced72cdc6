import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { signToken, verifyToken } from './signed-token.ts'
import type { SigningKeys } from './signing-keys.ts'

export const SESSION_COOKIE = 'roomreel_session'
/** Seconds; the cookie's Max-Age and the token's own expiry are the same. */
export const SESSION_SECONDS = 12 * 60 * 60

const SessionClaims = z.object({ role: z.literal('admin') })

export function signAdminSession(keys: SigningKeys, nowMs: number): Promise<string> {
  return signToken(keys.session, { role: 'admin' }, nowMs, nowMs + SESSION_SECONDS * 1000)
}

/** @throws AppError UNAUTHORIZED when the cookie is forged or has expired */
export async function verifyAdminSession(keys: SigningKeys, cookie: string, nowMs: number): Promise<void> {
  await verifyToken(keys.session, cookie, SessionClaims, nowMs, 'Your session has expired. Log in again.')
}

/** Compares in constant time; hashing first makes the lengths equal without telling them. */
export function isAdminPassword(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(expected), digest(given))
}
