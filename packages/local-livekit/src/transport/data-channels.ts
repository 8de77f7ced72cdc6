import { MAX_MESSAGE_SIZE_BYTES } from '../sdp/local-transport.ts'
import type { Counters } from '../counters.ts'
import {
  parseDcep,
  PPID,
  serializeDcepAck,
  serializeDcepOpen,
  type ChannelOpen,
} from './data-channel-messages.ts'
import { SctpEndpoint } from './werift.ts'

/** A client opens three or four channels. */
const MAX_CHANNELS = 16
/** Waiting for the peer: beyond this a lossy message is dropped … */
const MAX_QUEUED_LOSSY_CHUNKS = 1_000
/** … and a peer that reads no reliable ones (about 16 MB) is given up. */
const MAX_QUEUED_RELIABLE_CHUNKS = 16_000

interface OpenChannel extends ChannelOpen {
  readonly streamId: number
}

export interface DataChannelsOptions {
  counters: Counters
  send: (packet: Buffer) => void
  onMessage: (label: string, data: Buffer) => void
  /** The association ended or the peer broke a limit. */
  onFailed: (reason: string) => void
}

/** The data channels of one transport (RFC 8831), reached by their label. */
export class DataChannels {
  readonly #sctp: SctpEndpoint
  readonly #options: DataChannelsOptions
  readonly #channels = new Map<number, OpenChannel>()
  readonly #byLabel = new Map<string, OpenChannel>()
  readonly #planned: OpenChannel[] = []
  #established = false

  constructor(options: DataChannelsOptions) {
    this.#options = options
    this.#sctp = new SctpEndpoint({
      send: options.send,
      onEstablished: () => {
        this.#established = true
        for (const channel of this.#planned.splice(0)) this.#announce(channel)
      },
      onMessage: (streamId, ppid, data) => this.#receive(streamId, ppid, data),
      onStreamsReset: (streamIds) => {
        for (const id of streamIds) this.#forget(id)
      },
      onClosed: () => options.onFailed('sctp: association closed'),
      onMalformed: (reason) => options.counters.add(reason),
    })
  }

  start(): Promise<void> {
    return this.#sctp.start()
  }

  receivePacket(packet: Buffer): void {
    this.#sctp.receive(packet)
  }

  /** Opens a channel from this side; `streamId` is odd, because the DTLS server takes odd ids (RFC 8832, section 6). */
  open(streamId: number, channel: ChannelOpen): void {
    const planned = { ...channel, streamId }
    if (this.#established) this.#announce(planned)
    else this.#planned.push(planned)
  }

  /** Sends a binary message; false when there is no such channel or its queue is full. */
  send(label: string, data: Buffer): boolean {
    const channel = this.#byLabel.get(label)
    if (!channel) return false
    const lossy = channel.maxRetransmits !== undefined
    const queued = this.#sctp.queuedChunks
    if (lossy && queued > MAX_QUEUED_LOSSY_CHUNKS) {
      this.#options.counters.add('data-lossy-dropped')
      return false
    }
    if (queued > MAX_QUEUED_RELIABLE_CHUNKS) {
      this.#options.onFailed('data: peer does not read its reliable channel')
      return false
    }
    this.#transmit(channel, PPID.binary, data)
    return true
  }

  async stop(): Promise<void> {
    this.#channels.clear()
    this.#byLabel.clear()
    await this.#sctp.stop()
  }

  #announce(channel: OpenChannel): void {
    this.#transmit(
      { ...channel, ordered: true, maxRetransmits: undefined },
      PPID.dcep,
      serializeDcepOpen(channel),
    )
    // RFC 8832 section 6: data may follow the OPEN at once
    this.#add(channel)
  }

  #add(channel: OpenChannel): void {
    this.#channels.set(channel.streamId, channel)
    this.#byLabel.set(channel.label, channel)
  }

  #forget(streamId: number): void {
    const channel = this.#channels.get(streamId)
    if (!channel) return
    this.#channels.delete(streamId)
    if (this.#byLabel.get(channel.label) === channel) this.#byLabel.delete(channel.label)
  }

  #receive(streamId: number, ppid: number, data: Buffer): void {
    const { counters } = this.#options
    if (data.length > MAX_MESSAGE_SIZE_BYTES)
      return this.#options.onFailed('data: message larger than announced')
    if (ppid === PPID.dcep) {
      const message = parseDcep(data)
      if (typeof message === 'string') return counters.add(message)
      if (message.type === 'ack') return
      if (!this.#channels.has(streamId) && this.#channels.size >= MAX_CHANNELS)
        return this.#options.onFailed('data: too many channels')
      const channel = { ...message.open, streamId }
      this.#transmit({ ...channel, ordered: true, maxRetransmits: undefined }, PPID.dcep, serializeDcepAck())
      this.#add(channel)
      return
    }
    const channel = this.#channels.get(streamId)
    if (!channel) return counters.add('data-unknown-stream')
    this.#options.onMessage(
      channel.label,
      ppid === PPID.binary || ppid === PPID.string ? data : Buffer.alloc(0),
    )
  }

  #transmit(channel: OpenChannel, ppid: number, data: Buffer): void {
    const { ordered, maxRetransmits } = channel
    this.#sctp
      .send(
        channel.streamId,
        ppid,
        data,
        maxRetransmits === undefined ? { ordered } : { ordered, maxRetransmits },
      )
      .catch((error: unknown) => this.#options.onFailed(`sctp: ${String(error)}`))
  }
}
