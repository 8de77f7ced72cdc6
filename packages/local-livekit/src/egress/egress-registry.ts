import { EgressStatus, type EgressInfo } from '@livekit/protocol'
import type { WebhookNotifier } from '../webhooks/webhook-notifier.ts'
import type { EgressIo } from './egress-service.ts'

/** Ended ones beyond this are forgotten, the oldest first. */
const MAX_ENDED = 1_000

/** Active in the sense of `listEgress({active: true})`. */
export function isActiveEgress(status: EgressStatus): boolean {
  return status < EgressStatus.EGRESS_COMPLETE
}

/** Which recordings there are, and the webhooks about them. */
export class EgressRegistry implements EgressIo {
  readonly #webhooks: WebhookNotifier
  readonly #infos = new Map<string, EgressInfo>()

  constructor(webhooks: WebhookNotifier) {
    this.#webhooks = webhooks
  }

  get(egressId: string): EgressInfo | undefined {
    return this.#infos.get(egressId)
  }

  /** Empty strings stand for any; the order is that of creation. */
  list(filter: { roomName: string; egressId: string; active: boolean }): EgressInfo[] {
    return [...this.#infos.values()].filter(
      (info) =>
        (filter.roomName === '' || info.roomName === filter.roomName) &&
        (filter.egressId === '' || info.egressId === filter.egressId) &&
        (!filter.active || isActiveEgress(info.status)),
    )
  }

  createEgress(info: EgressInfo): Promise<void> {
    if (this.#infos.has(info.egressId)) return Promise.resolve()
    this.#store(info)
    this.#notify('egress_started', info)
    return Promise.resolve()
  }

  updateEgress(info: EgressInfo): Promise<void> {
    this.#store(info)
    if (!isActiveEgress(info.status)) {
      this.#notify('egress_ended', info)
      this.#forgetOldest()
    } else if (info.status !== EgressStatus.EGRESS_STARTING) this.#notify('egress_updated', info)
    return Promise.resolve()
  }

  #store(info: EgressInfo): void {
    this.#infos.set(info.egressId, info.clone())
  }

  #notify(event: 'egress_started' | 'egress_updated' | 'egress_ended', info: EgressInfo): void {
    this.#webhooks.notify(`egress ${info.egressId}`, { event, egressInfo: info })
  }

  #forgetOldest(): void {
    const ended = [...this.#infos.values()].filter((info) => !isActiveEgress(info.status))
    for (const info of ended.slice(0, Math.max(0, ended.length - MAX_ENDED)))
      this.#infos.delete(info.egressId)
  }
}
