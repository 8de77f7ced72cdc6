import { isActiveStatus, parseRoomMetadata, type RecordingInfo } from '@roomreel/contracts'
import { Room } from '@livekit/rtc-node'
import { EgressClient, type EgressInfo, EgressStatus, RoomServiceClient } from 'livekit-server-sdk'
import { eventually } from '../faults/eventually.ts'
import type { Client, RunningProduct } from '../running-product.ts'

/** Enough for a file that plays. */
const RECORDED_MS = 1_500

/** A room of a real LiveKit with somebody in it, who records. */
export class RecordedMeeting implements AsyncDisposable {
  readonly egresses: EgressClient
  readonly rooms: RoomServiceClient
  readonly #product: RunningProduct
  readonly #roomName: string
  readonly #client: Client
  readonly #room: Room

  private constructor(product: RunningProduct, roomName: string, client: Client, room: Room) {
    const { url, apiKey, apiSecret } = product.config.api.livekit
    this.egresses = new EgressClient(url, apiKey, apiSecret)
    this.rooms = new RoomServiceClient(url, apiKey, apiSecret)
    this.#product = product
    this.#roomName = roomName
    this.#client = client
    this.#room = room
  }

  static async open(product: RunningProduct, roomName: string): Promise<RecordedMeeting> {
    const { token } = await product.client().rooms.join.mutate({ roomName, participantName: 'Ann' })
    const room = new Room()
    await room.connect(product.config.api.livekit.url, token, { autoSubscribe: false, dynacast: false })
    return new RecordedMeeting(product, roomName, product.participant(token), room)
  }

  /** Presses Start, and waits until everybody knows that it runs. @returns its egress id */
  async record(): Promise<string> {
    const { id } = await this.#client.recordings.start.mutate({ roomName: this.#roomName })
    await eventually('the room knows of it', async () => (await this.#says()) === 'STARTED')
    await eventually('something is recorded', async () => {
      const { status, startedAt } = await this.egress(id)
      return (
        status === EgressStatus.EGRESS_ACTIVE && Date.now() - Number(startedAt / 1_000_000n) > RECORDED_MS
      )
    })
    return id
  }

  /** Presses Stop until it is heard. */
  async stop(): Promise<void> {
    await eventually('Stop is heard', () =>
      this.#client.recordings.stop.mutate({ roomName: this.#roomName }).then(
        () => true,
        () => false,
      ),
    )
  }

  /** What LiveKit knows. */
  async egress(egressId: string): Promise<EgressInfo> {
    const [info] = await this.egresses.listEgress({ egressId })
    if (!info) throw new Error(`LiveKit does not know ${egressId}`)
    return info
  }

  /** What the library says of a recording when it is over. */
  async ended(id: string): Promise<RecordingInfo> {
    const admin = await this.#product.admin()
    return eventually(`${id} has ended`, async () => {
      const { items } = await admin.recordings.list.query({ limit: 100 })
      return items.find((item) => item.id === id && !isActiveStatus(item.status))
    })
  }

  /** The file of a recording, as a player gets it. */
  async watch({ name }: RecordingInfo): Promise<Buffer> {
    const { url } = await (await this.#product.admin()).recordings.playback.query({ recordingName: name })
    return Buffer.from(await (await fetch(url)).arrayBuffer())
  }

  /** Nothing is stuck: somebody joins anew, records and stops. @returns that recording */
  async recordAgain(): Promise<RecordingInfo> {
    await using meeting = await RecordedMeeting.open(this.#product, this.#roomName)
    const id = await eventually('it can be recorded again', () => meeting.record().catch(() => undefined))
    await meeting.stop()
    return meeting.ended(id)
  }

  async leave(): Promise<void> {
    await this.#room.disconnect()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave()
  }

  async #says(): Promise<string | undefined> {
    const [room] = await this.rooms.listRooms([this.#roomName])
    return room && parseRoomMetadata(room.metadata).recordingStatus
  }
}
