import { parseRoomMetadata } from '@roomreel/contracts'
import { type EgressInfo, EgressStatus } from 'livekit-server-sdk'
import { eventually } from './eventually.ts'
import type { Passage } from './passage.ts'
import type { Client, Product } from './product.ts'
import type { Replica } from './replica.ts'
import { type RecordedRoom, type StepName, STEPS } from './step.ts'
import type { Trap } from './trap.ts'
import type { Webhook } from './webhook-gate.ts'

/** A webhook, and how a step is told from it. */
export interface WebhookOnItsWay {
  readonly webhook: Webhook
  readonly passage: Passage
}

/**
 * What a fault does with a webhook in place of its delivery.
 * @returns the status that LiveKit gets; undefined where the fault has nothing to do with it
 */
export type WebhookFault = (webhook: WebhookOnItsWay) => Promise<number> | undefined

/** A room of one product, in which somebody records. Its room may be closed and opened again. */
export class Meeting {
  readonly product: Product
  readonly roomName: string
  webhookFault: WebhookFault | undefined
  /** The session as it is now; a room that was closed and opened again is another one. */
  #room: RecordedRoom
  #token = ''
  readonly #egressIds = new Set<string>()
  /** Of all its sessions. */
  readonly roomIds = new Set<string>()
  readonly #webhookTraps = new Set<Trap>()
  readonly #recoveries: Array<Promise<PromiseSettledResult<void>[]>> = []
  readonly #afterwards: Array<() => Promise<void>> = []
  #hasSprung = false

  private constructor(product: Product, roomName: string) {
    this.product = product
    this.roomName = roomName
    this.#room = { roomName, roomId: '', egressIds: this.#egressIds }
    product.stack.webhooks.route(roomName, (webhook) => this.#take(webhook))
  }

  static async open(product: Product, roomName: string): Promise<Meeting> {
    const meeting = new Meeting(product, roomName)
    await meeting.join()
    return meeting
  }

  /** The replica that people of this meeting talk to. */
  get replica(): Replica {
    const [first] = this.product.replicas
    if (!first) throw new Error('a product without a replica')
    return first
  }

  /** Whether what was to go wrong has gone wrong: else the case shows nothing. */
  get hasSprung(): boolean {
    return this.#hasSprung
  }

  /** What somebody in the room opens LiveKit with. */
  get token(): string {
    return this.#token
  }

  /** Somebody joins, who opens the room where it is not there any more. */
  async join(): Promise<void> {
    const joined = await eventually(`${this.roomName} can be joined`, async () =>
      this.person()
        .rooms.join.mutate({ roomName: this.roomName, participantName: 'Ann' })
        .catch(() => undefined),
    )
    this.#token = joined.token
    this.#room = { roomName: this.roomName, roomId: joined.roomId, egressIds: this.#egressIds }
    this.roomIds.add(joined.roomId)
  }

  /** Somebody in the room, at any replica. */
  person(replica: Replica = this.replica): Client {
    return this.product.client(replica, this.#token)
  }

  isAt(step: StepName, passage: Passage): boolean {
    return STEPS[step].isReached(passage, this.#room)
  }

  /** Has something happen when the recording gets to a step for the first time. */
  trap(step: StepName, moment: Trap['moment'], spring: () => void | Promise<void>): void {
    const trap: Trap = {
      matches: (passage) => this.isAt(step, passage),
      moment,
      spring: () => {
        this.#hasSprung = true
        return spring()
      },
    }
    this.product.s3.arm(trap)
    this.product.livekit.arm(trap)
    this.#webhookTraps.add(trap)
  }

  /** The fault is over when all of these are. */
  recover(recovery: Promise<void>): void {
    this.#recoveries.push(Promise.allSettled([recovery]))
  }

  async recovered(): Promise<void> {
    for (const result of (await Promise.all(this.#recoveries)).flat()) {
      if (result.status === 'rejected') throw result.reason
    }
  }

  /** Happens when the recording is over and the truth about it has been seen. */
  afterwards(happen: () => Promise<void>): void {
    this.#afterwards.push(happen)
  }

  async happenAfterwards(): Promise<void> {
    for (const happen of this.#afterwards.splice(0)) await happen()
  }

  /** What LiveKit knows of the meeting's recordings, newest first. */
  async egresses(): Promise<EgressInfo[]> {
    const infos = await this.product.stack.egresses.listEgress({ roomName: this.roomName })
    return infos.toSorted((a, b) => Number(b.startedAt - a.startedAt))
  }

  async activeEgress(): Promise<EgressInfo | undefined> {
    return (await this.egresses()).find(({ status }) => status < EgressStatus.EGRESS_COMPLETE)
  }

  async says(): Promise<string | undefined> {
    const [room] = await this.product.stack.rooms.listRooms([this.roomName])
    return room && parseRoomMetadata(room.metadata).recordingStatus
  }

  async #take(webhook: Webhook): Promise<number> {
    const { event } = webhook
    if (event.egressInfo) this.#egressIds.add(event.egressInfo.egressId)
    const passage: Passage = {
      gate: 'webhook',
      method: 'POST',
      path: event.event,
      body: event.toJsonString(),
    }
    const trap = [...this.#webhookTraps].find((each) => each.matches(passage))
    if (trap) this.#webhookTraps.delete(trap)
    if (trap && trap.moment !== 'before it is answered') await trap.spring()
    const fault = this.webhookFault?.({ webhook, passage })
    if (fault) this.#hasSprung = true
    const status = await (fault ?? webhook.deliver(this.replica.url))
    if (trap?.moment === 'before it is answered') await trap.spring()
    return status
  }
}
