import { isActiveStatus, type RecordingInfo } from '@roomreel/contracts'
import { callLiveKit } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo } from './apply-news.ts'
import { recordingFromEgress } from './recording-from-egress.ts'

/**
 * Asks LiveKit which recording of this room session runs now, whatever the claims know. Streams, single tracks and
 * other people's recordings of the same room are not looked at; nor is an egress that has been given up (of a
 * recorder that was killed, LiveKit says for ever that it is active), or one that only saves its file.
 * @returns the recording that holds the session's claim
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function findRunning(
  services: Services,
  room: { readonly roomName: string; readonly roomId: string },
): Promise<RecordingInfo | undefined> {
  const egresses = await callLiveKit(services.livekit, 'listEgress', () =>
    services.livekit.egress.listEgress({ roomName: room.roomName, active: true }),
  )
  for (const info of egresses) {
    const listed = recordingFromEgress(info, services.keys)
    if (!listed || !isActiveStatus(listed.status) || listed.roomId !== room.roomId) continue
    await applyEgressInfo(services, info, 'list')
  }
  const claim = (await services.store.getClaim(room.roomId))?.claim
  return claim?.state === 'held' ? claim.recording : undefined
}
