import type { RecordingInfo } from '@roomreel/contracts'
import { callLiveKit } from '../livekit/livekit-api.ts'
import { updateRoomMetadata } from '../rooms/update-room-metadata.ts'
import { roomMetadataOf } from '../rooms/room-recording-status.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo, nameWithoutFile } from './apply-egress-info.ts'
import type { HeldClaim } from './claim.ts'
import { changeClaim, freed, isPending } from './claim-changes.ts'
import { findActiveEgress } from './find-active-egress.ts'
import { mergeRecording } from './recording-state.ts'

/**
 * ms that LiveKit may not know an egress before its recording counts as lost: a LiveKit or a recorder that was
 * restarted needs a while to report what it was doing.
 */
const MISSING_MS = 30_000

/**
 * Compares a claim with what LiveKit says and repairs what differs: a lost webhook, an answer that never came,
 * an egress that is gone. Safe beside a running system and on several replicas at once.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function reconcileClaim(services: Services, claim: HeldClaim): Promise<void> {
  if (!claim.recording) {
    await reconcileStart(services, claim)
    return
  }
  const { recording } = claim
  const [info] = await callLiveKit(() => services.livekit.egress.listEgress({ egressId: recording.id }))
  if (info) {
    await applyEgressInfo(services, info)
    return
  }
  const now = services.now()
  const since = claim.missingSince ?? now
  if (now - since < MISSING_MS) {
    await changeClaim(services, claim.roomId, (current) =>
      current?.state === 'held' &&
      current.recording?.id === recording.id &&
      current.missingSince === undefined
        ? { ...current, missingSince: now }
        : undefined,
    )
    return
  }
  await services.roomQueue.run(claim.roomId, () => endLost(services, claim, recording))
}

/** Nobody has heard whether LiveKit started it. */
async function reconcileStart(services: Services, claim: HeldClaim): Promise<void> {
  const running = await findActiveEgress(services, claim)
  if (running) {
    await applyEgressInfo(services, running)
    return
  }
  if (isPending(claim, services.now())) return
  await services.roomQueue.run(claim.roomId, async () => {
    const after = await changeClaim(services, claim.roomId, (current) =>
      freed(current, undefined, services.now()),
    )
    if (after?.state === 'held') return
    await updateRoomMetadata(services, claim, () => ({
      recordingStatus: 'FAILED',
      recordingId: undefined,
      recordingStartedAt: undefined,
      recordingError: 'Recording could not start because the recorder did not answer. Try again.',
    }))
  })
  services.log.warn(
    { roomName: claim.roomName, roomId: claim.roomId },
    'claim freed: its recording never started',
  )
}

/** LiveKit has forgotten the egress. What it saved, if anything, is kept. */
async function endLost(services: Services, claim: HeldClaim, recording: RecordingInfo): Promise<void> {
  const head = recording.name ? await services.objects.head(services.keys.file(recording.name)) : undefined
  const ended = mergeRecording(recording, {
    ...recording,
    name: head ? recording.name : nameWithoutFile(recording),
    size: head?.size ?? 0,
    duration: Math.max(0, ((recording.updatedAt ?? recording.startedAt) - recording.startedAt) / 1000),
    status: head ? 'ABORTED' : 'FAILED',
    error: 'The recorder stopped without a word.',
  })
  const saved = await services.store.saveEnded(ended)
  services.index.put(saved.key, saved.etag, saved.recording)
  const after = await changeClaim(services, claim.roomId, (current) =>
    freed(current, recording.id, services.now()),
  )
  if (after?.state !== 'held')
    await updateRoomMetadata(services, recording, () => roomMetadataOf(saved.recording))
  services.log.warn(
    { recordingId: recording.id, recordingName: saved.recording.name },
    'recording ended: its egress is unknown',
  )
}
