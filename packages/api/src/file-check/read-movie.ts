import { MAX_READ_BYTES, type BoundedReader } from './bounded-reader.ts'
import { fourCharacters, readChildren, readContent, type Mp4Box } from './read-box.ts'
import { readSampleTable, type SampleTable } from './read-sample-table.ts'

/** What holds for a track's samples where a fragment says nothing else (ISO/IEC 14496-12, section 8.8.3). */
export interface SampleDefaults {
  /** In the track's own unit of time. */
  readonly duration: number
  readonly bytes: number
}

/** A track of pictures or sound; all others are left out. */
export interface MediaTrack {
  readonly id: number
  readonly kind: 'video' | 'audio'
  /** Units of the track's own time in a second; never 0. */
  readonly timescale: number
  /** Of the samples in the movie box. */
  readonly durationSeconds: number
  readonly table: SampleTable
  readonly defaults: SampleDefaults
}

/** What the movie box says. */
export interface Movie {
  /** Of what is in the movie box itself; 0 when it does not say. */
  readonly durationSeconds: number
  /** Whether samples may be in fragments that follow. */
  readonly isFragmented: boolean
  /** What the box says of the movie with all its fragments (section 8.8.2); 0 when it does not. */
  readonly claimedSeconds: number
  readonly tracks: readonly MediaTrack[]
}

const NO_DEFAULTS: SampleDefaults = { duration: 0, bytes: 0 }

/** Reads a movie box (ISO/IEC 14496-12, section 8.2.1). What can't be read of it counts as not there. */
export async function readMovie(reader: BoundedReader, moov: Mp4Box): Promise<Movie> {
  // One read in place of one for each table; beyond that, hours of recording, the tables are skipped over
  if (moov.end - moov.start <= MAX_READ_BYTES) await reader.view(moov.start, moov.end - moov.start)
  const boxes = await readChildren(reader, moov)
  const header = await readTimes(
    reader,
    boxes.find(({ type }) => type === 'mvhd'),
  )
  const mvex = boxes.find(({ type }) => type === 'mvex')
  const extension = mvex ? await readChildren(reader, mvex) : []
  const defaults = await readDefaults(reader, extension)
  const tracks: MediaTrack[] = []
  for (const trak of boxes) {
    const track = trak.type === 'trak' ? await readTrack(reader, trak, defaults) : undefined
    if (track) tracks.push(track)
  }
  const longest = Math.max(0, ...tracks.map(({ durationSeconds }) => durationSeconds))
  return {
    durationSeconds: header.seconds || longest,
    isFragmented: mvex !== undefined,
    claimedSeconds: await readClaimedSeconds(reader, extension, header.timescale),
    tracks,
  }
}

/** @returns undefined for a track of neither pictures nor sound, and for one that lacks what it needs */
async function readTrack(
  reader: BoundedReader,
  trak: Mp4Box,
  defaults: ReadonlyMap<number, SampleDefaults>,
): Promise<MediaTrack | undefined> {
  const children = await readChildren(reader, trak)
  const mdia = children.find(({ type }) => type === 'mdia')
  const tkhd = children.find(({ type }) => type === 'tkhd')
  const id = await readTrackId(reader, tkhd)
  if (!mdia || id === undefined) return undefined
  const media = await readChildren(reader, mdia)
  const kind = await readKind(
    reader,
    media.find(({ type }) => type === 'hdlr'),
  )
  const times = await readTimes(
    reader,
    media.find(({ type }) => type === 'mdhd'),
  )
  const minf = media.find(({ type }) => type === 'minf')
  if (!kind || !minf || times.timescale === 0) return undefined
  const stbl = (await readChildren(reader, minf)).find(({ type }) => type === 'stbl')
  if (!stbl) return undefined
  const table = await readSampleTable(reader, stbl)
  return {
    id,
    kind,
    timescale: times.timescale,
    durationSeconds: times.seconds,
    table,
    defaults: defaults.get(id) ?? NO_DEFAULTS,
  }
}

/** Section 8.3.2: the creation and modification times before it are of 64 bits in version 1. */
async function readTrackId(reader: BoundedReader, tkhd: Mp4Box | undefined): Promise<number | undefined> {
  const version = (await readContent(reader, tkhd, 0, 1))?.getUint8(0)
  return (await readContent(reader, tkhd, version === 1 ? 20 : 12, 4))?.getUint32(0)
}

/** Section 8.4.3. */
async function readKind(
  reader: BoundedReader,
  hdlr: Mp4Box | undefined,
): Promise<MediaTrack['kind'] | undefined> {
  const handler = await readContent(reader, hdlr, 8, 4)
  switch (handler && fourCharacters(handler, 0)) {
    case 'vide':
      return 'video'
    case 'soun':
      return 'audio'
    default:
      return undefined
  }
}

/** Section 8.8.3. */
async function readDefaults(
  reader: BoundedReader,
  extension: readonly Mp4Box[],
): Promise<ReadonlyMap<number, SampleDefaults>> {
  const defaults = new Map<number, SampleDefaults>()
  for (const trex of extension.filter(({ type }) => type === 'trex')) {
    const content = await readContent(reader, trex, 0, 20)
    if (!content) continue
    defaults.set(content.getUint32(4), { duration: content.getUint32(12), bytes: content.getUint32(16) })
  }
  return defaults
}

/** Section 8.8.2. */
async function readClaimedSeconds(
  reader: BoundedReader,
  extension: readonly Mp4Box[],
  timescale: number,
): Promise<number> {
  const mehd = extension.find(({ type }) => type === 'mehd')
  const version = (await readContent(reader, mehd, 0, 1))?.getUint8(0)
  const content = await readContent(reader, mehd, 4, version === 1 ? 8 : 4)
  if (!content || timescale === 0) return 0
  return durationAt(content, 0, version) / timescale
}

/** Timescale and duration of a movie or media header (sections 8.2.2 and 8.4.2); 0 where they are not said. */
async function readTimes(
  reader: BoundedReader,
  box: Mp4Box | undefined,
): Promise<{ readonly timescale: number; readonly seconds: number }> {
  const version = (await readContent(reader, box, 0, 1))?.getUint8(0)
  const content = await readContent(reader, box, version === 1 ? 20 : 12, version === 1 ? 12 : 8)
  const timescale = content?.getUint32(0) ?? 0
  if (!content || timescale === 0) return { timescale: 0, seconds: 0 }
  return { timescale, seconds: durationAt(content, 4, version) / timescale }
}

/** @returns a duration of 64 bits in version 1, else of 32; 0 for all ones, which stands for not known */
function durationAt(view: DataView, offset: number, version: number | undefined): number {
  if (version !== 1) {
    const duration = view.getUint32(offset)
    return duration === 0xffff_ffff ? 0 : duration
  }
  const duration = view.getBigUint64(offset)
  return duration === 0xffff_ffff_ffff_ffffn ? 0 : Number(duration)
}
