import type { RecordingInfo, StopRecordingInput } from '@roomreel/contracts'
import { EgressStatus } from 'livekit-server-sdk'
import { setTimeout as delay } from 'node:timers/promises'
import type { ParticipantPrincipal } from '../access/principal.ts'
import { AppError } from '../app-error.ts'
import { callLiveKit } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo } from './apply-news.ts'
import { isPending } from './claim-changes.ts'
import { findRunning } from './find-running.ts'
import { openRoomSession } from './open-room-session.ts'
import { recordingFromEgress } from './recording-from-egress.ts'
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
  const running = await awaitRunning(services, principal).catch((error: unknown) =>
    runningWithoutStorage(services, principal, error),
  )
  if (!running) throw new AppError('CONFLICT', NOT_RECORDED)
  if (running.status === 'STOPPING') return running

  const info = await stopEgress(services, running.id)
  if (!info) {
    const claim = (await services.store.getClaim(principal.roomId))?.claim
    if (claim?.state === 'held') await watchClaim(services, claim)
    throw new AppError('CONFLICT', NOT_RECORDED)
  }
  services.log.info({ recordingId: running.id, roomName: input.roomName }, 'recording stopped')
  // LiveKit may answer with the status before its recorder had heard of the stop
  if (info.status < EgressStatus.EGRESS_ENDING) info.status = EgressStatus.EGRESS_ENDING
  try {
    return { ...running, ...(await applyEgressInfo(services, info, 'message')), status: 'STOPPING' }
  } catch (error) {
    // It is being stopped all the same; what is stored of it follows from the news of its end
    services.log.warn({ err: error, recordingId: running.id }, 'a stop could not be stored')
    return { ...running, status: 'STOPPING' }
  }
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

/**
 * Who wants a recording to stop wants it now, whether the storage answers or not: then what LiveKit says will do.
 * @throws the error of the storage when LiveKit knows no such recording
 */
async function runningWithoutStorage(
  { keys, livekit, log }: Services,
  room: ParticipantPrincipal,
  error: unknown,
): Promise<RecordingInfo> {
  log.warn({ err: error, roomName: room.roomName }, 'stopping by what LiveKit says')
  const egresses = await callLiveKit(livekit, 'listEgress', () =>
    livekit.egress.listEgress({ roomName: room.roomName, active: true }),
  )
  const running = egresses
    .map((info) => recordingFromEgress(info, keys))
    .find((listed) => listed?.roomId === room.roomId)
  if (!running) throw error
  return running
}
