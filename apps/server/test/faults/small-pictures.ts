import type { EgressWorker } from '@roomreel/egress'
import type { EgressService } from '@roomreel/local-livekit'
import { EncodingOptions } from '@livekit/protocol'

/**
 * The recorder, asked for small pictures whoever asks: ten of them share two cores here, and what becomes of a
 * recording does not depend on how sharp it is.
 */
export function withSmallPictures(worker: EgressWorker): EgressService {
  return {
    startEgress(call) {
      const { request } = call
      if (request.case !== 'roomComposite') return worker.startEgress(call)
      const value = request.value.clone()
      value.options = {
        case: 'advanced',
        value: new EncodingOptions({ width: 320, height: 180, framerate: 10, videoBitrate: 200 }),
      }
      return worker.startEgress({ ...call, request: { case: 'roomComposite', value } })
    },
    stopEgress: (egressId) => worker.stopEgress(egressId),
  }
}
