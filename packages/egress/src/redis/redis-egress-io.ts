import type { EgressInfo } from '@livekit/protocol'
import { EgressStatus } from '@livekit/protocol'
import type { EgressIo } from '../worker/info-reporter.ts'
import type { EgressHandlers } from './egress-handlers.ts'
import type { IoInfoClient } from './io-info-client.ts'
import type { WorkerLease } from './worker-lease.ts'

/**
 * Where a worker reports to on a real LiveKit: `IOInfo`, with all that has to be true before. An egress can be
 * stopped and has a holder before the server knows it, and both end with it.
 */
export class RedisEgressIo implements EgressIo {
  readonly #io: IoInfoClient
  readonly #handlers: EgressHandlers
  readonly #lease: WorkerLease
  readonly #onReported: (info: EgressInfo) => void

  constructor(
    io: IoInfoClient,
    handlers: EgressHandlers,
    lease: WorkerLease,
    onReported: (info: EgressInfo) => void,
  ) {
    this.#io = io
    this.#handlers = handlers
    this.#lease = lease
    this.#onReported = onReported
  }

  async createEgress(info: EgressInfo): Promise<void> {
    const { egressId } = info
    try {
      await this.#handlers.open(egressId)
      await this.#lease.renew([egressId])
      await this.#io.createEgress(info)
    } catch (error) {
      this.#handlers.closeLater(egressId)
      throw error
    }
    this.#onReported(info)
  }

  async updateEgress(info: EgressInfo): Promise<void> {
    const { egressId, status } = info
    // One that an earlier process began has none yet
    if (status < EgressStatus.EGRESS_COMPLETE) await this.#handlers.open(egressId)
    await this.#io.updateEgress(info)
    this.#onReported(info)
    if (status < EgressStatus.EGRESS_COMPLETE) return
    this.#handlers.closeLater(egressId)
    await this.#lease.release(egressId)
  }
}
