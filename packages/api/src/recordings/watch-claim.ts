import { isActiveStatus, type RecordingInfo } from '@roomreel/contracts'
import type { Room } from 'livekit-server-sdk'
import { findEgress } from '../livekit/find-egress.ts'
import { callLiveKit } from '../livekit/livekit-api.ts'
import { findRoom } from '../rooms/find-room.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo } from './apply-news.ts'
import type { HeldClaim } from './claim.ts'
import { changeClaim, freed, isPending } from './claim-changes.ts'
import { findRunning } from './find-running.ts'
import { giveUp } from './give-up.ts'
import { recordingFromEgress } from './recording-from-egress.ts'
import { tellRoom } from './tell-room.ts'
import { SILENCE_LIMIT_MS, vitalSigns } from './vital-signs.ts'

/** ms that a room waits for the file of a stopped recording to be saved before it can be recorded anew. */
const SAVING_LIMIT_MS = 30_000

/**
 * Compares a claim with what LiveKit and the room show, and repairs what differs: a lost webhook, an answer that
 * never came, an egress that died, stalls or never gets going. Safe beside a running system and on several
 * replicas at once.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function watchClaim(services: Services, claim: HeldClaim): Promise<void> {
  if (!claim.recording) {
    await watchStart(services, claim)
    return
  }
  const info = await findEgress(services.livekit, claim.recording.id)
  if (info) {
    const recording = await applyEgressInfo(services, info, 'list')
    if (!recording || !isActiveStatus(recording.status)) return
    if (recording.status === 'STOPPING') {
      await releaseWhileSaving(services, claim, recording)
      return
    }
  }
  const listed = info && recordingFromEgress(info, services.keys)
  await watchLife(services, { ...claim, recording: listed ?? claim.recording }, listed)
}

async function watchLife(
  services: Services,
  claim: HeldClaim & { recording: RecordingInfo },
  listed: RecordingInfo | undefined,
): Promise<void> {
  const room = await findRoom(services.livekit, claim.roomName)
  const isRoomThere = room?.sid === claim.roomId
  const isRecorderThere = isRoomThere && (await isRecorderIn(services, room, claim.recording.id))
  const now = services.now()
  const signs = vitalSigns(claim, { listed, isRoomThere, isRecorderThere }, now)
  const silentSince = signs.isAlive ? undefined : (claim.silentSince ?? now)
  if (!signs.isAlive && (signs.isHopeless || now - (silentSince ?? now) >= SILENCE_LIMIT_MS)) {
    await giveUp(services, claim.recording, signs.reason)
    return
  }
  const isRecorderSeen = claim.isRecorderSeen === true || isRecorderThere
  if (silentSince === claim.silentSince && isRecorderSeen === (claim.isRecorderSeen === true)) return
  await changeClaim(services, claim.roomId, (current) => {
    if (current?.state !== 'held' || current.recording?.id !== claim.recording.id) return undefined
    const { silentSince: _before, ...rest } = current
    return { ...rest, isRecorderSeen, ...(silentSince !== undefined && { silentSince }) }
  })
}

async function isRecorderIn({ livekit }: Services, room: Room, egressId: string): Promise<boolean> {
  const participants = await callLiveKit(livekit, 'listParticipants', () =>
    livekit.rooms.listParticipants(room.name),
  )
  return participants.some(({ identity }) => identity === egressId)
}

/** A file takes as long as it takes to be saved; its room need not wait for it. */
async function releaseWhileSaving(
  services: Services,
  claim: HeldClaim,
  recording: RecordingInfo,
): Promise<void> {
  if (services.now() - (claim.stoppingSince ?? services.now()) < SAVING_LIMIT_MS) return
  await services.roomQueue.run(claim.roomId, async () => {
    const saved = await services.store.save(recording)
    services.index.put(saved.key, saved.etag, saved.recording)
    await changeClaim(services, claim.roomId, (current) => freed(current, recording.id, services.now()))
    await tellRoom(services, claim, undefined)
  })
  services.log.info(
    { recordingId: recording.id, roomName: claim.roomName },
    'room free while its recording is saved',
  )
}

/** Nobody has heard whether LiveKit started it. */
async function watchStart(services: Services, claim: HeldClaim): Promise<void> {
  if (await findRunning(services, claim)) return
  if (isPending(claim, services.now())) return
  await services.roomQueue.run(claim.roomId, async () => {
    const after = await changeClaim(services, claim.roomId, (current) =>
      current?.state === 'held' && current.requestedAt === claim.requestedAt
        ? freed(current, undefined, services.now())
        : undefined,
    )
    if (after?.state !== 'free') return
    // It may have started and ended without this start hearing of it
    const since = services.index
      .all()
      .find(({ roomId, startedAt }) => roomId === claim.roomId && startedAt >= claim.requestedAt)
    await tellRoom(services, claim, since ?? neverStarted(claim))
  })
  services.log.warn(
    { roomName: claim.roomName, roomId: claim.roomId },
    'claim freed: its recording never started',
  )
}

function neverStarted({ roomName, roomId, requestedAt }: HeldClaim): RecordingInfo {
  return {
    id: '',
    name: '',
    roomName,
    roomId,
    startedAt: requestedAt,
    duration: 0,
    size: 0,
    status: 'FAILED',
    error: 'Recording could not start because the recorder did not answer. Try again.',
  }
}
