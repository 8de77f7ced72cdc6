import type { EgressInfo } from 'livekit-server-sdk'
import { callLiveKit, type LiveKitApi, liveKitStatus } from './livekit-api.ts'

/**
 * @returns what LiveKit knows of an egress; undefined when it knows nothing of it (any more), which ListEgress answers
 *   with `not_found` when it is asked for one (livekit-server, pkg/service/ioservice.go)
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function findEgress(livekit: LiveKitApi, egressId: string): Promise<EgressInfo | undefined> {
  try {
    const [info] = await callLiveKit(livekit, 'listEgress', () => livekit.egress.listEgress({ egressId }))
    return info
  } catch (error) {
    if (liveKitStatus(error) === 404) return undefined
    throw error
  }
}
