import type { BoundedReader } from './bounded-reader.ts'
import { findLastFragments } from './find-last-fragments.ts'
import { followBoxes } from './follow-boxes.ts'
import { FragmentTimeline } from './fragment-timeline.ts'
import { readBox, type Mp4Box } from './read-box.ts'
import { readFragment } from './read-fragment.ts'
import { readMovie, type Movie } from './read-movie.ts'
import { readLastRandomAccess, type RandomAccessPoint } from './read-random-access.ts'
import { readSegmentIndex, type SegmentIndex } from './read-segment-index.ts'

/** Reads kept for the end of a file in fragments while it is followed from its beginning. */
const READS_FOR_THE_END = 30

/** A walk over the boxes of a file, and what was seen on it. */
export class Mp4Walk {
  readonly #reader: BoundedReader
  #movie: Movie | undefined
  #timeline = new FragmentTimeline([])
  #index: SegmentIndex | undefined
  /** Where the walk has come to, bytes from the beginning of the file. */
  #offset = 0
  /** Whether the file goes on, and following it further would take the reads that its end needs. */
  #isPaused = false
  /** Whether a fragment made no sense. */
  #isBroken = false

  constructor(reader: BoundedReader) {
    this.#reader = reader
  }

  /** Undefined when there was none, or not all of it. */
  get movie(): Movie | undefined {
    return this.#movie
  }

  get timeline(): FragmentTimeline {
    return this.#timeline
  }

  /** The first segment index; most files have none. */
  get index(): SegmentIndex | undefined {
    return this.#index
  }

  /** Whether boxes that make sense lead up to the last byte of the file. */
  get isAtEnd(): boolean {
    return this.#offset === this.#reader.size && !this.#isBroken
  }

  /** Follows the boxes from the first, and where that would take too many reads, those at the end. */
  async follow(): Promise<void> {
    for await (const box of followBoxes(this.#reader, 0)) {
      await this.#take(box)
      this.#isPaused = this.#movie?.isFragmented === true && this.#reader.readsLeft <= READS_FOR_THE_END
      if (this.#isPaused) break
    }
    if (!this.#isPaused || this.isAtEnd) return
    const from = this.#offset
    await this.#followIndexed()
    if (this.isAtEnd) return
    const start = await findLastFragments(this.#reader, from)
    if (start !== undefined) await this.#jump(start)
  }

  /** Looks at each track's last fragment in the index at the end of the file, and at all after the last of these. */
  async #followIndexed(): Promise<void> {
    const points = await readLastRandomAccess(this.#reader)
    const starts = [...new Set(points.map(({ moofStart }) => moofStart))].toSorted((a, b) => a - b)
    for (const start of starts) {
      const box = await readBox(this.#reader, start)
      if (box?.type !== 'moof') continue
      this.#timeline.skip()
      await this.#take(box, points)
    }
    const last = starts.at(-1)
    if (last !== undefined) await this.#jump(last, points)
  }

  async #jump(start: number, points: readonly RandomAccessPoint[] = []): Promise<void> {
    this.#timeline.skip()
    for await (const box of followBoxes(this.#reader, start)) await this.#take(box, points)
  }

  /** @param points when fragments begin that do not say so themselves */
  async #take(box: Mp4Box, points: readonly RandomAccessPoint[] = []): Promise<void> {
    this.#offset = box.end
    if (box.end > this.#reader.size) return
    if (box.type === 'moov' && !this.#movie) {
      this.#movie = await readMovie(this.#reader, box)
      this.#timeline = new FragmentTimeline(this.#movie.tracks)
    }
    if (box.type === 'sidx' && this.#movie) this.#index ??= await readSegmentIndex(this.#reader, box)
    if (box.type === 'moof' && this.#movie?.isFragmented) {
      await this.#takeFragment(box, this.#movie, points)
    }
  }

  async #takeFragment(box: Mp4Box, { tracks }: Movie, points: readonly RandomAccessPoint[]): Promise<void> {
    const parts = await readFragment(this.#reader, box, tracks)
    this.#isBroken ||= parts === undefined
    for (const part of parts ?? []) {
      const point = points.find(
        ({ trackId, moofStart }) => trackId === part.trackId && moofStart === box.start,
      )
      this.#timeline.add(part, point?.time)
    }
  }
}
