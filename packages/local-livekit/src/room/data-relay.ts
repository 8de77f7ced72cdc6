import { DataPacket, DataPacket_Kind } from '@livekit/protocol'
import type { Counters } from '../counters.ts'
import { asSentBy } from './data-sender.ts'
import { LOSSY_LABEL, RELIABLE_LABEL } from './media-session.ts'
import { NonceMemory } from './nonce-memory.ts'
import type { Participant } from './participant.ts'

/** Sends data packets on to whom they are meant for. */
export class DataRelay {
  readonly #participants: () => Iterable<Participant>
  readonly #counters: Counters
  readonly #nonces = new NonceMemory()

  constructor(participants: () => Iterable<Participant>, counters: Counters) {
    this.#participants = participants
    this.#counters = counters
  }

  /** A message on one of the sender's data channels. */
  onMessage(sender: Participant, label: string, data: Buffer): void {
    if (label !== RELIABLE_LABEL && label !== LOSSY_LABEL) return this.#counters.add('data-unknown-channel')
    const packet = parsePacket(data)
    if (!packet) return this.#counters.add('data-malformed')
    if (!sender.permission.canPublishData) return this.#counters.add('data-not-permitted')
    const isReliable = label === RELIABLE_LABEL
    if (isReliable && packet.sequence > 0) {
      // A client that resumed repeats what it is not sure of
      if (packet.sequence <= sender.lastReliableSequence) return this.#counters.add('data-repeated')
      sender.lastReliableSequence = packet.sequence
    }
    if (!asSentBy(packet, sender)) return this.#counters.add('data-not-for-others')
    this.send(packet, isReliable ? DataPacket_Kind.RELIABLE : DataPacket_Kind.LOSSY, sender)
  }

  /** Sends to the named destinations, or to all but the sender when none are named. */
  send(packet: DataPacket, kind: DataPacket_Kind, sender: Participant | undefined): void {
    packet.kind = kind
    const user = packet.value.case === 'user' ? packet.value.value : undefined
    if (user && this.#nonces.hasSeen(user.nonce)) return this.#counters.add('data-repeated')
    const identities = packet.destinationIdentities
    const sids = user?.destinationSids ?? []
    const isDirected = identities.length > 0 || sids.length > 0
    const label = kind === DataPacket_Kind.LOSSY ? LOSSY_LABEL : RELIABLE_LABEL
    let bytes: Buffer | undefined
    for (const participant of this.#participants()) {
      if (participant === sender) continue
      if (isDirected && !identities.includes(participant.identity) && !sids.includes(participant.sid))
        continue
      bytes ??= Buffer.from(packet.toBinary())
      if (!participant.media.sendData(label, bytes)) this.#counters.add('data-undeliverable')
    }
  }
}

function parsePacket(data: Buffer): DataPacket | undefined {
  try {
    return DataPacket.fromBinary(data)
  } catch {
    // Not a DataPacket; counted by the caller
    return undefined
  }
}
