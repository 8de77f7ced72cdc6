import { z } from 'zod'
import { signToken, verifyToken } from '../access/signed-token.ts'
import type { SigningKeys } from '../access/signing-keys.ts'
import { AppError } from '../app-error.ts'

/**
 * Seconds that a browser which has entered a link can open it again without its secret; each time anew. It is what
 * a reload needs, and nothing that would be worth keeping.
 */
export const SHARE_VISIT_SECONDS = 60 * 60

const VisitClaims = z.object({ link: z.string() })

/** What the secret of a link is swapped for: a cookie that opens the same link for a while. */
export function signShareVisit(keys: SigningKeys, linkId: string, nowMs: number): Promise<string> {
  return signToken(keys.share, { link: linkId }, nowMs, nowMs + SHARE_VISIT_SECONDS * 1000)
}

/** Whether the cookie is good, and is for this link. */
export async function isShareVisit(
  keys: SigningKeys,
  cookie: string,
  linkId: string,
  nowMs: number,
): Promise<boolean> {
  try {
    const { link } = await verifyToken(keys.share, cookie, VisitClaims, nowMs, 'This visit is over.')
    return link === linkId
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHORIZED') return false
    throw error
  }
}
