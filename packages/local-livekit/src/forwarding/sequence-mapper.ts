import { isNewer16, uint16 } from '../serial-number.ts'

interface Change {
  /** First incoming sequence number this offset holds for. */
  from: number
  readonly offset: number
}

/** Later than so many left-out packets an old one can't be placed any more, and is dropped. */
const MAX_CHANGES = 32
/** How far behind the newest packet a late one may be; well below the half circle where comparison turns over. */
const MAX_AGE = 0x4000

/**
 * Maps incoming to outgoing sequence numbers without gaps where packets are left out on purpose. Packets that come
 * late, before a left-out one, still get the number they would have had.
 */
export class SequenceMapper {
  readonly #changes: Change[] = []
  #newest = 0

  /** Starts over: incoming `sequenceNumber` becomes `outgoing`. Older ones can't be mapped. */
  restart(sequenceNumber: number, outgoing: number): void {
    this.#changes.length = 0
    this.#newest = sequenceNumber
    this.#changes.push({ from: sequenceNumber, offset: uint16(outgoing - sequenceNumber) })
  }

  /** Leaves out the incoming packet `sequenceNumber`, the newest so far. */
  skip(sequenceNumber: number): void {
    const last = this.#changes.at(-1)
    if (!last) return
    this.#advance(sequenceNumber)
    this.#changes.push({ from: uint16(sequenceNumber + 1), offset: uint16(last.offset - 1) })
    if (this.#changes.length > MAX_CHANGES) this.#changes.shift()
  }

  /** The outgoing number, or -1 when the packet is older than the mapping. */
  map(sequenceNumber: number): number {
    this.#advance(sequenceNumber)
    for (let i = this.#changes.length - 1; i >= 0; i--) {
      const change = this.#changes[i]
      if (change && !isNewer16(change.from, sequenceNumber)) return uint16(sequenceNumber + change.offset)
    }
    return -1
  }

  /** Moves the window along, so that `from` never gets half a circle old. */
  #advance(sequenceNumber: number): void {
    if (!isNewer16(sequenceNumber, this.#newest)) return
    this.#newest = sequenceNumber
    for (let second = this.#changes[1]; second && this.#age(second) > MAX_AGE; second = this.#changes[1])
      this.#changes.shift()
    const first = this.#changes[0]
    if (first && this.#age(first) > MAX_AGE) first.from = uint16(this.#newest - MAX_AGE)
  }

  /** A change that begins after the newest packet has no age yet. */
  #age(change: Change): number {
    return isNewer16(change.from, this.#newest) ? 0 : uint16(this.#newest - change.from)
  }
}
