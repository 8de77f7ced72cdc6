import type { EgressInfo } from '@livekit/protocol'
import { ListEgressRequest, ListEgressResponse } from '@livekit/protocol'
import type { EgressIo } from '../worker/info-reporter.ts'
import { PsrpcClient } from './psrpc/psrpc-client.ts'
import type { RedisBus } from './psrpc/redis-bus.ts'

/**
 * livekit-server's `rpc.IOInfo` (livekit/protocol, `rpc/io.proto`): it keeps EgressInfo in Redis and sends the
 * webhooks. Calls reject with PsrpcError.
 */
export class IoInfoClient implements EgressIo {
  readonly #client: PsrpcClient

  constructor(bus: RedisBus) {
    this.#client = new PsrpcClient(bus, 'IOInfo')
  }

  async createEgress(info: EgressInfo): Promise<void> {
    await this.#client.call('CreateEgress', info.toBinary())
  }

  async updateEgress(info: EgressInfo): Promise<void> {
    await this.#client.call('UpdateEgress', info.toBinary())
  }

  /** All egresses that have not ended, of all workers. */
  async listActive(): Promise<EgressInfo[]> {
    const request = new ListEgressRequest({ active: true })
    const answer = await this.#client.call('ListEgress', request.toBinary())
    return ListEgressResponse.fromBinary(answer).items
  }
}
