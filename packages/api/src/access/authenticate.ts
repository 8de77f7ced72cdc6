import type { ApiConfig } from '../api-config.ts'
import { verifyAdminSession } from './admin-session.ts'
import type { Principal } from './principal.ts'
import { verifyRoomToken } from './room-token.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What a request brought to show who it is from. */
export interface Credentials {
  /** A room token, without `Bearer `. */
  readonly bearer?: string | undefined
  /** The session cookie. */
  readonly session?: string | undefined
}

/**
 * Finds out who is asking. A room token goes before the admin's cookie: a page that sends one wants that
 * room's view, whoever else its browser belongs to.
 * @throws AppError UNAUTHORIZED or FORBIDDEN for credentials that are there and are not good
 */
export async function authenticate(
  config: ApiConfig,
  keys: SigningKeys,
  credentials: Credentials,
  nowMs: number,
): Promise<Principal> {
  if (credentials.bearer !== undefined) return verifyRoomToken(config.livekit, credentials.bearer)
  if (credentials.session !== undefined) {
    await verifyAdminSession(keys, credentials.session, nowMs)
    return { kind: 'admin' }
  }
  return { kind: 'anonymous' }
}
