import { EgressInfo, EgressStatus } from '@livekit/protocol'
import type { EgressIo, EgressService, StartEgressCall } from '../../src/index.ts'

/** An Egress service that records nothing; it reports as a real one does. */
export class FakeRecorder implements EgressService {
  readonly calls: StartEgressCall[] = []
  readonly #io: EgressIo
  readonly #infos = new Map<string, EgressInfo>()

  constructor(io: EgressIo) {
    this.#io = io
  }

  async startEgress(call: StartEgressCall): Promise<EgressInfo> {
    this.calls.push(call)
    const { egressId, roomId, roomName, request } = call
    const info = new EgressInfo({ egressId, roomId, roomName, request, status: EgressStatus.EGRESS_STARTING })
    this.#infos.set(egressId, info)
    await this.#io.createEgress(info)
    return info
  }

  async stopEgress(egressId: string): Promise<EgressInfo> {
    return this.report(egressId, EgressStatus.EGRESS_ENDING)
  }

  async report(egressId: string, status: EgressStatus): Promise<EgressInfo> {
    const info = this.#infos.get(egressId)
    if (!info) throw Object.assign(new Error('egress does not exist'), { code: 'not_found' })
    info.status = status
    await this.#io.updateEgress(info)
    return info
  }
}
