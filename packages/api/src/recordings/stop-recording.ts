import type { RecordingInfo, StopRecordingInput } from '@roomreel/contracts'
import { EgressStatus } from 'livekit-server-sdk'
import { setTimeout as delay } from 'node:timers/promises'
import type { ParticipantPrincipal } from '../access/principal.ts'
import { AppError } from '../app-error.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo } from './apply-news.ts'
import { isPending } from './claim-changes.ts'
import { findRunning } from './find-running.ts'
import { openRoomSession } from './open-room-session.ts'
import { stopEgress } from './stop-egress.ts'
import { watchClaim } from './watch-claim.ts'

const NOT_RECORDED = 'This meeting is not being recorded.'

/** ms between two looks for a recording that has been asked for and is not there yet, and how many looks. */
const LOOK_AGAIN_MS = 400
const MAX_LOOKS = 15

/**
 * Stops the room session's recording; it works while the recording is still starting, and after the room has
 * gone. Stopping what is already stopping answers the same.
 * @throws AppError FORBIDDEN, CONFLICT (none is running), SERVICE_UNAVAILABLE
 */
export async function stopRecording(
  services: Services,
  principal: ParticipantPrincipal,
  input: StopRecordingInput,
): Promise<RecordingInfo> {
  await openRoomSession(services, principal, input.roomName)
  const running = await awaitRunning(services, principal)
  if (!running) throw new AppError('CONFLICT', NOT_RECORDED)
  if (running.status === 'STOPPING') return running

  const info = await stopEgress(services, running.id)
  if (!info) {
    const claim = (await services.store.getClaim(principal.roomId))?.claim
    if (claim?.state === 'held') await watchClaim(services, claim)
    throw new AppError('CONFLICT', NOT_RECORDED)
  }
  // LiveKit may answer with the status before its recorder had heard of the stop
  if (info.status < EgressStatus.EGRESS_ENDING) info.status = EgressStatus.EGRESS_ENDING
  const recording = await applyEgressInfo(services, info, 'message')
  services.log.info({ recordingId: running.id, roomName: input.roomName }, 'recording stopped')
  return { ...running, ...recording, status: 'STOPPING' }
}

/** The recording that runs, or is about to. */
async function awaitRunning(
  services: Services,
  room: ParticipantPrincipal,
): Promise<RecordingInfo | undefined> {
  for (let look = 1; ; look++) {
    const claim = (await services.store.getClaim(room.roomId))?.claim
    if (claim?.state === 'held' && claim.recording) return claim.recording
    const running = await findRunning(services, room)
    if (running) return running
    if (claim?.state !== 'held' || !isPending(claim, services.now())) return undefined
    // Somebody is starting it at this moment: there is nothing to stop yet, but soon there is
    if (look === MAX_LOOKS) {
      throw new AppError('SERVICE_UNAVAILABLE', 'The recording is still starting. Try again in a moment.')
    }
    await delay(LOOK_AGAIN_MS)
  }
}
