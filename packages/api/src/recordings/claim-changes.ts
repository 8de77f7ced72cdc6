import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../app-error.ts'
import type { Services } from '../services.ts'
import type { Claim, HeldClaim, StoredClaim } from './claim.ts'
import { mergeRecording } from './merge-recording.ts'
import type { StoredRecording } from './stored-recording.ts'

const MAX_ATTEMPTS = 20

/**
 * Changes a room session's claim, trying anew with what is there as long as other replicas are faster.
 * @param change gives the claim to write, or undefined to leave it as it is
 * @returns the claim as it stands afterwards
 */
export async function changeClaim(
  services: Services,
  roomId: string,
  change: (current: Claim | undefined) => Claim | undefined,
): Promise<Claim | undefined> {
  const { store } = services
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const stored = await store.getClaim(roomId)
    const next = change(stored?.claim)
    if (!next || isDeepStrictEqual(next, stored?.claim)) return stored?.claim
    if (await writeClaim(services, next, stored)) return next
  }
  throw new AppError(
    'SERVICE_UNAVAILABLE',
    'Too much is happening with this recording at once. Try again in a moment.',
  )
}

/** @returns whether the claim was written; false when somebody else has changed it since `expected` */
export async function writeClaim(
  services: Services,
  claim: Claim,
  expected: StoredClaim | undefined,
): Promise<boolean> {
  const etag = (await services.store.putClaim(claim, expected)) ?? (await etagOfOwn(services, claim))
  if (etag === undefined) return false
  const held = claim.state === 'held' ? claim : undefined
  services.index.put(services.keys.claim(claim.roomId), etag, held?.recording, held)
  return true
}

/** A write whose answer was lost is tried anew by the S3 client, and then meets itself. */
async function etagOfOwn(services: Services, claim: Claim): Promise<string | undefined> {
  const stored = await services.store.getClaim(claim.roomId)
  return stored && isDeepStrictEqual(stored.claim, claim) ? stored.etag : undefined
}

/** The claim with this running recording, unless it is another one's. */
export function held(claim: Claim | undefined, recording: StoredRecording, nowMs: number): Claim | undefined {
  const current = claim?.state === 'held' ? claim : undefined
  if (current?.recording && current.recording.id !== recording.id) return undefined
  const merged = mergeRecording(current?.recording, recording)
  return {
    ...(current ?? { requestedAt: nowMs, expiresAt: nowMs }),
    state: 'held',
    roomName: recording.roomName,
    roomId: recording.roomId,
    layout: merged.layout ?? 'grid',
    ...(merged.status === 'STOPPING' && { stoppingSince: current?.stoppingSince ?? nowMs }),
    recording: merged,
  }
}

/** Frees the claim when it is `recordingId`'s (or, without one, when it knows no recording); else leaves it. */
export function freed(
  claim: Claim | undefined,
  recordingId: string | undefined,
  nowMs: number,
): Claim | undefined {
  if (claim?.state !== 'held' || claim.recording?.id !== recordingId) return undefined
  return { state: 'free', roomName: claim.roomName, roomId: claim.roomId, freedAt: nowMs }
}

/** Whether whoever made the claim may still be waiting for LiveKit's answer. */
export function isPending(claim: HeldClaim, nowMs: number): boolean {
  return claim.recording === undefined && nowMs < claim.expiresAt
}
