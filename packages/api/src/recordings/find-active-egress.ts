import { isActiveStatus } from '@roomreel/contracts'
import type { EgressInfo } from 'livekit-server-sdk'
import { callLiveKit } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'
import { recordingFromEgress } from './recording-from-egress.ts'

/**
 * The egress that records this room session into our folder now, if there is one. Streams, single tracks and
 * other people's recordings of the same room are not looked at.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function findActiveEgress(
  services: Pick<Services, 'livekit' | 'keys'>,
  room: { roomName: string; roomId: string },
): Promise<EgressInfo | undefined> {
  const egresses = await callLiveKit(() =>
    services.livekit.egress.listEgress({ roomName: room.roomName, active: true }),
  )
  return egresses.find((info) => {
    const recording = recordingFromEgress(info, services.keys)
    return recording && isActiveStatus(recording.status) && recording.roomId === room.roomId
  })
}
