/** Keeps the packets sent last, for NACKs; as many as the power of two below. */
const CAPACITY = 512

export class RetransmissionCache {
  readonly #packets: (Buffer | undefined)[] = Array.from({ length: CAPACITY })
  readonly #sequenceNumbers = new Int32Array(CAPACITY).fill(-1)

  put(sequenceNumber: number, packet: Buffer): void {
    const slot = sequenceNumber % CAPACITY
    this.#packets[slot] = packet
    this.#sequenceNumbers[slot] = sequenceNumber
  }

  get(sequenceNumber: number): Buffer | undefined {
    const slot = sequenceNumber % CAPACITY
    return this.#sequenceNumbers[slot] === sequenceNumber ? this.#packets[slot] : undefined
  }
}
