import type { EgressInfo } from 'livekit-server-sdk'
import { callLiveKit, liveKitStatus } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'

/**
 * Asks LiveKit to end an egress.
 * @returns undefined when LiveKit says that this egress is over or unknown
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function stopEgress(
  { livekit }: Pick<Services, 'livekit'>,
  egressId: string,
): Promise<EgressInfo | undefined> {
  try {
    return await callLiveKit(livekit, 'stopEgress', () => livekit.egress.stopEgress(egressId))
  } catch (error) {
    const status = liveKitStatus(error)
    if (status === 404 || status === 412) return undefined
    throw error
  }
}
