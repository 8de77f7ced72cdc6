import type { Logger } from 'pino'
import { channelName } from './channel-name.ts'
import { decodeClaimResponse, encodeClaimRequest } from './claim.ts'
import { PsrpcError } from './psrpc-error.ts'
import { psrpcId } from './psrpc-id.ts'
import type { RedisBus } from './redis-bus.ts'
import type { PsrpcRequest } from './request.ts'
import { decodeRequest } from './request.ts'
import type { PsrpcOutcome } from './response.ts'
import { encodeResponse } from './response.ts'

export interface PsrpcMethod {
  service: string
  name: string
  /** Calls are for this topic alone, e.g. one egress. */
  topic?: string
  /** Of several servers only one gets each call. */
  isQueue?: boolean
  /**
   * How gladly a call is carried out, above 0 up to 1; 0: not offered. Without it every server answers, and none
   * asks before.
   */
  affinity?: () => number
  /** @param payload the method's message as protobuf @returns its answer. An error's `code` and message are sent */
  handle: (payload: Uint8Array) => Promise<Uint8Array>
}

/** Carries out calls that come over psrpc 0.7.2: request, offer, grant, answer. */
export class PsrpcServer {
  readonly id = psrpcId('SRV_')
  readonly #bus: RedisBus
  readonly #logger: Logger
  /** Offers that nobody has decided on, by request; each goes at the request's expiry. */
  readonly #offers = new Map<string, (grantedTo: string) => void>()

  constructor(bus: RedisBus, logger: Logger) {
    this.#bus = bus
    this.#logger = logger
  }

  /** Resolves when calls arrive. @returns its undo */
  async serve(method: PsrpcMethod): Promise<() => Promise<void>> {
    const parts = [method.service, method.name, method.topic ?? '']
    const requests = channelName(parts, 'REQ')
    const grants = channelName(parts, 'RCLAIM')
    if (method.affinity) {
      await this.#bus.subscribe({
        channel: grants,
        type: 'ClaimResponse',
        onMessage: (value) => {
          const { requestId, serverId } = decodeClaimResponse(value)
          this.#offers.get(requestId)?.(serverId)
        },
      })
    }
    await this.#bus.subscribe({
      channel: requests,
      type: 'Request',
      isQueue: method.isQueue ?? false,
      onMessage: (value) => {
        this.#answer(method, decodeRequest(value)).catch((error: unknown) => {
          this.#logger.warn({ err: error, method: method.name }, 'a call over Redis was not answered')
        })
      },
    })
    return async () => {
      await this.#bus.unsubscribe(requests)
      if (method.affinity) await this.#bus.unsubscribe(grants)
    }
  }

  async #answer(method: PsrpcMethod, request: PsrpcRequest): Promise<void> {
    if (Date.now() >= request.expiresAtMs) return
    if (method.affinity && !(await this.#isGranted(method.service, method.affinity(), request))) return
    const response = {
      requestId: request.requestId,
      serverId: this.id,
      outcome: await this.#outcomeOf(method, request),
      sentAtMs: Date.now(),
    }
    const channel = channelName([method.service, request.clientId], 'RES')
    await this.#bus.publish(channel, 'Response', encodeResponse(response))
  }

  async #isGranted(service: string, affinity: number, request: PsrpcRequest): Promise<boolean> {
    if (affinity <= 0) return false
    const { requestId } = request
    const decision = new Promise<boolean>((resolve) => {
      const expiry = setTimeout(() => resolve(false), request.expiresAtMs - Date.now())
      this.#offers.set(requestId, (grantedTo) => {
        clearTimeout(expiry)
        resolve(grantedTo === this.id)
      })
    })
    try {
      const offer = { requestId, serverId: this.id, affinity, isHandling: false }
      const channel = channelName([service, request.clientId], 'CLAIM')
      await this.#bus.publish(channel, 'ClaimRequest', encodeClaimRequest(offer))
      return await decision
    } finally {
      this.#offers.get(requestId)?.('')
      this.#offers.delete(requestId)
    }
  }

  async #outcomeOf(method: PsrpcMethod, request: PsrpcRequest): Promise<PsrpcOutcome> {
    try {
      return { ok: true, payload: await method.handle(request.payload) }
    } catch (error) {
      if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
        this.#logger.info({ err: error, method: method.name }, 'a call over Redis was refused')
        return { ok: false, error: new PsrpcError(error.code, error.message) }
      }
      this.#logger.error({ err: error, method: method.name }, 'a call over Redis failed')
      return { ok: false, error: new PsrpcError('internal', 'The egress worker failed.') }
    }
  }
}
