import { z } from 'zod'
import { signToken, verifyToken } from './signed-token.ts'
import type { SigningKeys } from './signing-keys.ts'

const TicketClaims = z.object({ rec: z.string(), use: z.enum(['video', 'download', 'thumbnail']) })

/** Which of a recording's files a ticket opens: `video` to be watched in the page, `download` to be saved. */
export type MediaTicketUse = z.infer<typeof TicketClaims>['use']

/** What a ticket opens, and for what. */
export interface MediaTicket {
  readonly recordingName: string
  readonly use: MediaTicketUse
}

/** A ticket opens one recording for one use at `/media/…` until `expiresAtMs`, without any other credential. */
export function signMediaTicket(
  keys: SigningKeys,
  { recordingName, use }: MediaTicket,
  nowMs: number,
  expiresAtMs: number,
): Promise<string> {
  return signToken(keys.media, { rec: recordingName, use }, nowMs, expiresAtMs)
}

/** @throws AppError UNAUTHORIZED when it is forged or has expired */
export async function verifyMediaTicket(
  keys: SigningKeys,
  ticket: string,
  nowMs: number,
): Promise<MediaTicket> {
  const { rec, use } = await verifyToken(
    keys.media,
    ticket,
    TicketClaims,
    nowMs,
    'This link has expired. Open the recording again.',
  )
  return { recordingName: rec, use }
}
