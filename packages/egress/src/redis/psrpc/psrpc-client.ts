import { channelName } from './channel-name.ts'
import type { ClaimRequest } from './claim.ts'
import { decodeClaimRequest, encodeClaimResponse } from './claim.ts'
import { PsrpcError } from './psrpc-error.ts'
import { psrpcId } from './psrpc-id.ts'
import type { RedisBus } from './redis-bus.ts'
import { encodeRequest } from './request.ts'
import type { PsrpcOutcome } from './response.ts'
import { decodeResponse } from './response.ts'

/** How long to wait for the first offer, and for the answer, in ms; those of LiveKit's own Egress. */
const OFFER_MS = 1000
const ANSWER_MS = 5000

interface WaitingCall {
  onOffer: (offer: ClaimRequest) => void
  onOutcome: (outcome: PsrpcOutcome) => void
}

/** Calls the servers of one service over psrpc 0.7.2. The first server that offers to carry out a call gets it. */
export class PsrpcClient {
  readonly #bus: RedisBus
  readonly #service: string
  readonly #id = psrpcId('CLI_')
  /** By request; none is longer in it than an answer may take. */
  readonly #waiting = new Map<string, WaitingCall>()
  readonly #ready: Promise<void>

  constructor(bus: RedisBus, service: string) {
    this.#bus = bus
    this.#service = service
    this.#ready = this.#listen()
    // Calls find out; it must not be an unhandled rejection if there are none
    this.#ready.catch(() => undefined)
  }

  /**
   * @param payload the method's message as protobuf
   * @returns its answer as protobuf
   * @throws PsrpcError `unavailable` when nobody offers to carry it out, or Redis is away; `deadline_exceeded`; or
   *   what the server answers
   */
  async call(method: string, payload: Uint8Array): Promise<Uint8Array> {
    const requestId = psrpcId('REQ_')
    const timers: NodeJS.Timeout[] = []
    try {
      const outcome = await new Promise<PsrpcOutcome>((resolve, reject) => {
        const failAfter = (ms: number, code: string, message: string): NodeJS.Timeout => {
          const timer = setTimeout(() => reject(new PsrpcError(code, message)), ms)
          timers.push(timer)
          return timer
        }
        const offerTimer = failAfter(OFFER_MS, 'unavailable', 'no response from servers')
        failAfter(ANSWER_MS, 'deadline_exceeded', 'request timed out')
        const fail = (error: unknown): void => {
          reject(new PsrpcError('unavailable', 'Redis can not be reached', { cause: error }))
        }
        let isGranted = false
        this.#waiting.set(requestId, {
          onOutcome: resolve,
          onOffer: (offer) => {
            if (isGranted) return
            isGranted = true
            clearTimeout(offerTimer)
            if (!offer.isHandling) this.#grant(method, offer).catch(fail)
          },
        })
        this.#ready.then(() => this.#request(method, requestId, payload)).catch(fail)
      })
      if (!outcome.ok) throw outcome.error
      return outcome.payload
    } finally {
      timers.forEach(clearTimeout)
      this.#waiting.delete(requestId)
    }
  }

  async #listen(): Promise<void> {
    await this.#bus.subscribe({
      channel: channelName([this.#service, this.#id], 'CLAIM'),
      type: 'ClaimRequest',
      onMessage: (value) => {
        const offer = decodeClaimRequest(value)
        this.#waiting.get(offer.requestId)?.onOffer(offer)
      },
    })
    await this.#bus.subscribe({
      channel: channelName([this.#service, this.#id], 'RES'),
      type: 'Response',
      onMessage: (value) => {
        const { requestId, outcome } = decodeResponse(value)
        this.#waiting.get(requestId)?.onOutcome(outcome)
      },
    })
  }

  async #request(method: string, requestId: string, payload: Uint8Array): Promise<void> {
    const sentAtMs = Date.now()
    const request = { requestId, clientId: this.#id, sentAtMs, expiresAtMs: sentAtMs + ANSWER_MS, payload }
    await this.#bus.publish(channelName([this.#service, method], 'REQ'), 'Request', encodeRequest(request))
  }

  async #grant(method: string, { requestId, serverId }: ClaimRequest): Promise<void> {
    const channel = channelName([this.#service, method], 'RCLAIM')
    await this.#bus.publish(channel, 'ClaimResponse', encodeClaimResponse({ requestId, serverId }))
  }
}
