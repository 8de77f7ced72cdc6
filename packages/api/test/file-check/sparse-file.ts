import type { Mp4Source } from '../../src/file-check/bounded-reader.ts'

/** A file of zeros, as large as one likes, with bytes at some places; it keeps what was read of it. */
export class SparseFile implements Mp4Source {
  readonly size: number
  readonly reads: { readonly start: number; readonly length: number }[] = []
  readonly pieces: readonly Piece[]

  /** @param pieces in the order of their places */
  constructor(size: number, pieces: readonly Piece[]) {
    this.size = size
    this.pieces = pieces
  }

  static of(bytes: Uint8Array): SparseFile {
    return new SparseFile(bytes.length, [{ start: 0, bytes }])
  }

  /** The same file, cut after so many bytes. */
  cut(size: number): SparseFile {
    return new SparseFile(size, this.pieces)
  }

  get bytesRead(): number {
    return this.reads.reduce((sum, { length }) => sum + length, 0)
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    this.reads.push({ start, length })
    const end = Math.min(start + length, this.size)
    const answer = new Uint8Array(Math.max(0, end - start))
    for (const piece of this.pieces) {
      const from = Math.max(start, piece.start)
      const to = Math.min(end, piece.start + piece.bytes.length)
      if (from < to) answer.set(piece.bytes.subarray(from - piece.start, to - piece.start), from - start)
    }
    return answer
  }
}

export interface Piece {
  readonly start: number
  readonly bytes: Uint8Array
}
