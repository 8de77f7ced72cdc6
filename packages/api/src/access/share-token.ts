import { z } from 'zod'
import { signToken, verifyToken } from './signed-token.ts'
import type { SigningKeys } from './signing-keys.ts'

const ShareClaims = z.object({ rec: z.string() })

export function signShareToken(
  keys: SigningKeys,
  recordingName: string,
  nowMs: number,
  expiresAtMs: number,
): Promise<string> {
  return signToken(keys.share, { rec: recordingName }, nowMs, expiresAtMs)
}

/**
 * @returns the shared recording and when the link ends (ms since the epoch)
 * @throws AppError UNAUTHORIZED when the link is forged or has expired
 */
export async function verifyShareToken(
  keys: SigningKeys,
  token: string,
  nowMs: number,
): Promise<{ recordingName: string; expiresAtMs: number }> {
  const claims = await verifyToken(
    keys.share,
    token,
    ShareClaims,
    nowMs,
    'This link has expired or is not complete.',
  )
  return { recordingName: claims.rec, expiresAtMs: claims.exp * 1000 }
}
