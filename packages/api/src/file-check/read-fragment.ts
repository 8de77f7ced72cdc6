import type { BoundedReader } from './bounded-reader.ts'
import { readChildren, readContent, type Mp4Box } from './read-box.ts'
import type { MediaTrack, SampleDefaults } from './read-movie.ts'

/** What a fragment holds of one track. Times in the track's own unit. */
export interface TrackFragment {
  readonly trackId: number
  /** When its first sample is decoded; undefined where the fragment does not say. */
  readonly start: number | undefined
  readonly duration: number
  readonly samples: number
  /** The offset in the file after its last sample, in bytes. */
  readonly end: number
}

/**
 * Reads a movie fragment (ISO/IEC 14496-12, section 8.8.4).
 *
 * @returns what it holds of these tracks; undefined when it makes no sense or is not all there
 */
export async function readFragment(
  reader: BoundedReader,
  moof: Mp4Box,
  tracks: readonly MediaTrack[],
): Promise<readonly TrackFragment[] | undefined> {
  // One read for all of it, and the proof that it is all there
  if (!(await reader.view(moof.start, moof.end - moof.start))) return undefined
  const fragments: TrackFragment[] = []
  // Section 8.8.7: where nothing else is said, media data is counted from the fragment, then from the track before
  let base = moof.start
  for (const traf of await readChildren(reader, moof)) {
    if (traf.type !== 'traf') continue
    const children = await readChildren(reader, traf)
    const header = await readHeader(reader, children, moof.start, base)
    if (!header) return undefined
    const defaults = { ...tracks.find(({ id }) => id === header.trackId)?.defaults, ...header.defaults }
    const runs = await readRuns(reader, children, header.base, defaults)
    if (!runs) return undefined
    base = runs.end
    fragments.push({ trackId: header.trackId, start: await readDecodeTime(reader, children), ...runs })
  }
  return fragments
}

interface FragmentHeader {
  readonly trackId: number
  /** Offset in the file from which its runs count. */
  readonly base: number
  readonly defaults: Partial<SampleDefaults>
}

/** Section 8.8.7. */
async function readHeader(
  reader: BoundedReader,
  children: readonly Mp4Box[],
  moofStart: number,
  inherited: number,
): Promise<FragmentHeader | undefined> {
  const box = children.find(({ type }) => type === 'tfhd')
  const content = box && (await readContent(reader, box, 0, box.end - box.body))
  if (!content || content.byteLength < 8) return undefined
  const flags = content.getUint32(0)
  const fields = new FieldReader(content, 8)
  const explicit = flags & 0x01 ? fields.next64() : undefined
  if (flags & 0x02) fields.next32()
  const duration = flags & 0x08 ? fields.next32() : undefined
  const bytes = flags & 0x10 ? fields.next32() : undefined
  if (fields.isBeyond) return undefined
  return {
    trackId: content.getUint32(4),
    base: explicit ?? (flags & 0x2_0000 ? moofStart : inherited),
    defaults: { ...(duration !== undefined && { duration }), ...(bytes !== undefined && { bytes }) },
  }
}

/** Section 8.8.12. */
async function readDecodeTime(
  reader: BoundedReader,
  children: readonly Mp4Box[],
): Promise<number | undefined> {
  const box = children.find(({ type }) => type === 'tfdt')
  const version = (await readContent(reader, box, 0, 1))?.getUint8(0)
  if (version !== 1) return (await readContent(reader, box, 4, 4))?.getUint32(0)
  const time = (await readContent(reader, box, 4, 8))?.getBigUint64(0)
  return time === undefined ? undefined : Number(time)
}

interface Run {
  readonly duration: number
  readonly samples: number
  readonly end: number
}

/** All runs of a track in a fragment together. @returns undefined when one of them makes no sense */
async function readRuns(
  reader: BoundedReader,
  children: readonly Mp4Box[],
  base: number,
  defaults: Partial<SampleDefaults>,
): Promise<Run | undefined> {
  let all: Run = { duration: 0, samples: 0, end: base }
  for (const box of children) {
    if (box.type !== 'trun') continue
    const content = await readContent(reader, box, 0, box.end - box.body)
    const run = content && readRun(content, base, all.end, defaults)
    if (!run) return undefined
    all = { duration: all.duration + run.duration, samples: all.samples + run.samples, end: run.end }
  }
  return all
}

/** Section 8.8.8. @param follows where the run before ended */
function readRun(
  content: DataView,
  base: number,
  follows: number,
  { duration: sameDuration = 0, bytes: sameBytes = 0 }: Partial<SampleDefaults>,
): Run | undefined {
  if (content.byteLength < 8) return undefined
  const flags = content.getUint32(0)
  const samples = content.getUint32(4)
  const fields = new FieldReader(content, 8)
  const start = flags & 0x01 ? base + fields.nextSigned32() : follows
  if (flags & 0x04) fields.next32()
  const hasOwn = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag)
  // A number of samples is believed only as far as there is something of each
  if (fields.isBeyond || samples * hasOwn.length * 4 > fields.bytesLeft) return undefined
  if (!(flags & 0x300)) {
    return { duration: samples * sameDuration, samples, end: start + samples * sameBytes }
  }
  let duration = 0
  let bytes = 0
  for (let sample = 0; sample < samples; sample++) {
    duration += flags & 0x100 ? fields.next32() : sameDuration
    bytes += flags & 0x200 ? fields.next32() : sameBytes
    if (flags & 0x400) fields.next32()
    if (flags & 0x800) fields.next32()
  }
  return { duration, samples, end: start + bytes }
}

/** Reads fields that follow each other, each there or not as flags say. A field beyond the end reads as 0. */
class FieldReader {
  readonly #view: DataView
  #offset: number

  constructor(view: DataView, offset: number) {
    this.#view = view
    this.#offset = offset
  }

  get bytesLeft(): number {
    return this.#view.byteLength - this.#offset
  }

  /** Whether more was read than is there. */
  get isBeyond(): boolean {
    return this.bytesLeft < 0
  }

  next32(): number {
    this.#offset += 4
    return this.isBeyond ? 0 : this.#view.getUint32(this.#offset - 4)
  }

  nextSigned32(): number {
    return this.next32() | 0
  }

  next64(): number {
    this.#offset += 8
    return this.isBeyond ? 0 : Number(this.#view.getBigUint64(this.#offset - 8))
  }
}
