/** A file of which parts can be read. */
export interface Mp4Source {
  /** Bytes. */
  readonly size: number
  /** @returns the bytes from `start` on; fewer than `length` where they can't be had */
  read(start: number, length: number): Promise<Uint8Array>
}

/** Most reads for one file, whatever it claims. */
export const MAX_READS = 40
/** Most bytes of one read. */
export const MAX_READ_BYTES = 4 * 1024 * 1024
/** A read costs a request: what is next is mostly wanted next. */
const READ_AHEAD_BYTES = 64 * 1024
/** Blocks kept: the one being looked through, and one for a look elsewhere meanwhile. */
const KEPT_BLOCKS = 2

interface Block {
  readonly start: number
  readonly bytes: Uint8Array
}

/**
 * Reads a file in a bounded number of bounded reads, and keeps what it read last. What is asked for beyond the end of
 * the file, or beyond the bounds, is not there: a file that lies about itself costs no more than one that does not.
 */
export class BoundedReader {
  readonly size: number
  readonly #source: Mp4Source
  #blocks: readonly Block[] = []
  #reads = 0

  constructor(source: Mp4Source) {
    this.#source = source
    this.size = source.size
  }

  get readsLeft(): number {
    return MAX_READS - this.#reads
  }

  /**
   * @param start bytes from the beginning of the file
   * @returns undefined when these bytes are not all inside the file, or reading them would go beyond the bounds
   */
  async view(start: number, length: number): Promise<DataView | undefined> {
    if (start < 0 || length < 0 || length > MAX_READ_BYTES || start + length > this.size) return undefined
    const block =
      this.#blocks.find((known) => holds(known, start, length)) ?? (await this.#load(start, length))
    if (!block) return undefined
    return new DataView(block.bytes.buffer, block.bytes.byteOffset + start - block.start, length)
  }

  async #load(start: number, length: number): Promise<Block | undefined> {
    if (this.#reads >= MAX_READS) return undefined
    this.#reads++
    const wanted = Math.min(Math.max(length, READ_AHEAD_BYTES), this.size - start)
    const block: Block = { start, bytes: await this.#source.read(start, wanted) }
    if (!holds(block, start, length)) return undefined
    this.#blocks = [block, ...this.#blocks].slice(0, KEPT_BLOCKS)
    return block
  }
}

function holds(block: Block, start: number, length: number): boolean {
  return start >= block.start && start + length <= block.start + block.bytes.length
}
