import { z } from 'zod'
import { signToken, verifyToken } from './signed-token.ts'
import type { SigningKeys } from './signing-keys.ts'

const TicketClaims = z.object({ rec: z.string() })

/** A ticket opens one recording at `/media/…` until `expiresAtMs`, without any other credential. */
export function signMediaTicket(
  keys: SigningKeys,
  recordingName: string,
  nowMs: number,
  expiresAtMs: number,
): Promise<string> {
  return signToken(keys.media, { rec: recordingName }, nowMs, expiresAtMs)
}

/**
 * @returns the recording that the ticket opens
 * @throws AppError UNAUTHORIZED when it is forged or has expired
 */
export async function verifyMediaTicket(keys: SigningKeys, ticket: string, nowMs: number): Promise<string> {
  const claims = await verifyToken(
    keys.media,
    ticket,
    TicketClaims,
    nowMs,
    'This link has expired. Open the recording again.',
  )
  return claims.rec
}
