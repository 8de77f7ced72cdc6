import type { EgressWorker } from '../worker/egress-worker.ts'
import { EgressError } from '../worker/egress-error.ts'
import type { PsrpcServer } from './psrpc/psrpc-server.ts'

/** How long calls to an ended egress are answered: at once, instead of after LiveKit's own timeout. */
const ANSWERED_AFTER_END_MS = 10_000
const CHANGED_WHILE_RUNNING = 'This recorder does not change the outputs of a running egress.'

/** livekit-server's `rpc.EgressHandler`: calls to one egress, which reach the worker that has it. */
export class EgressHandlers {
  readonly #server: PsrpcServer
  readonly #worker: () => EgressWorker
  /** By egress id; each goes some time after its egress' end. */
  readonly #open = new Map<string, Promise<() => Promise<void>>>()
  readonly #closing = new Map<string, NodeJS.Timeout>()
  readonly #onError: (error: unknown) => void

  /** @param onError a subscription that could not be ended */
  constructor(server: PsrpcServer, worker: () => EgressWorker, onError: (error: unknown) => void) {
    this.#server = server
    this.#worker = worker
    this.#onError = onError
  }

  /** Resolves when calls to the egress arrive here. */
  async open(egressId: string): Promise<void> {
    const opening = this.#open.get(egressId) ?? this.#serve(egressId)
    this.#open.set(egressId, opening)
    await opening
  }

  /** Ends it after a while, for those who stop what has just ended. */
  closeLater(egressId: string): void {
    if (this.#closing.has(egressId)) return
    const timer = setTimeout(() => {
      this.#closing.delete(egressId)
      this.close(egressId).catch(this.#onError)
    }, ANSWERED_AFTER_END_MS)
    timer.unref()
    this.#closing.set(egressId, timer)
  }

  async close(egressId: string): Promise<void> {
    const opening = this.#open.get(egressId)
    this.#open.delete(egressId)
    const undo = await opening
    await undo?.()
  }

  closeAll(): void {
    for (const timer of this.#closing.values()) clearTimeout(timer)
    this.#closing.clear()
    this.#open.clear()
  }

  async #serve(topic: string): Promise<() => Promise<void>> {
    const common = { service: 'EgressHandler', topic, isQueue: true, affinity: () => 1 }
    const refuse = (): Promise<never> =>
      Promise.reject(new EgressError('invalid_argument', CHANGED_WHILE_RUNNING))
    const undos = await Promise.all([
      this.#server.serve({
        ...common,
        name: 'StopEgress',
        handle: async () => (await this.#worker().stopEgress(topic)).toBinary(),
      }),
      this.#server.serve({ ...common, name: 'UpdateStream', handle: refuse }),
      this.#server.serve({ ...common, name: 'UpdateEgress', handle: refuse }),
    ])
    return async () => {
      await Promise.all(undos.map((undo) => undo()))
    }
  }
}
