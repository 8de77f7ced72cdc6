import type { RecordingInfo, StopRecordingInput } from '@roomreel/contracts'
import { EgressStatus, type EgressInfo } from 'livekit-server-sdk'
import type { ParticipantPrincipal } from '../access/principal.ts'
import { AppError } from '../app-error.ts'
import { callLiveKit, liveKitStatus } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo } from './apply-egress-info.ts'
import { findActiveEgress } from './find-active-egress.ts'
import { openRoomSession } from './open-room-session.ts'
import { reconcileClaim } from './reconcile-claim.ts'

const NOT_RECORDED = 'This meeting is not being recorded.'

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
  const running = await findRunning(services, principal)
  if (!running) throw new AppError('CONFLICT', NOT_RECORDED)
  if (running.status === 'STOPPING') return running

  const info = await stopEgress(services, running.id)
  if (!info) {
    const claim = (await services.store.getClaim(principal.roomId))?.claim
    if (claim?.state === 'held') await reconcileClaim(services, claim)
    throw new AppError('CONFLICT', NOT_RECORDED)
  }
  // LiveKit may answer with the status before its recorder had heard of the stop
  if (info.status < EgressStatus.EGRESS_ENDING) info.status = EgressStatus.EGRESS_ENDING
  const recording = await applyEgressInfo(services, info)
  services.log.info({ recordingId: running.id, roomName: input.roomName }, 'recording stopped')
  return { ...running, ...recording, status: 'STOPPING' }
}

async function findRunning(
  services: Services,
  room: ParticipantPrincipal,
): Promise<RecordingInfo | undefined> {
  const claim = (await services.store.getClaim(room.roomId))?.claim
  if (claim?.state === 'held' && claim.recording) return claim.recording
  const info = await findActiveEgress(services, room)
  return info && (await applyEgressInfo(services, info))
}

/** @returns undefined when LiveKit says that this egress is over or unknown */
async function stopEgress({ livekit }: Services, egressId: string): Promise<EgressInfo | undefined> {
  try {
    return await callLiveKit(() => livekit.egress.stopEgress(egressId))
  } catch (error) {
    const status = liveKitStatus(error)
    if (status === 404 || status === 412) return undefined
    throw error
  }
}
