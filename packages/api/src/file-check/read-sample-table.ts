import type { BoundedReader } from './bounded-reader.ts'
import { readChildren, readContent, type Mp4Box } from './read-box.ts'

/** The samples that a track has in the movie box itself. */
export interface SampleTable {
  readonly samples: number
  /** The offset in the file after the last one, in bytes. */
  readonly end: number
}

const EMPTY: SampleTable = { samples: 0, end: 0 }

/**
 * Reads how many samples a sample table has and where the last one ends (ISO/IEC 14496-12, section 8.5.1), without
 * reading the tables as a whole: those of a long recording are megabytes. Samples lie in the file in the order of the
 * table, as every recorder writes them.
 *
 * @returns no samples for a table that contradicts itself
 */
export async function readSampleTable(reader: BoundedReader, stbl: Mp4Box): Promise<SampleTable> {
  const boxes = await readChildren(reader, stbl)
  const find = (...types: string[]) => boxes.find(({ type }) => types.includes(type))
  const sizes = await readSizes(reader, find('stsz', 'stz2'))
  const perChunk = await readLastSamplesPerChunk(reader, find('stsc'))
  const lastChunk = await readLastChunkOffset(reader, find('stco', 'co64'))
  if (!sizes || sizes.samples === 0 || perChunk === undefined || lastChunk === undefined) return EMPTY
  const bytes = await readBytesOfLast(reader, sizes, Math.min(perChunk, sizes.samples))
  return { samples: sizes.samples, end: lastChunk + bytes }
}

interface SampleSizes {
  readonly box: Mp4Box
  readonly samples: number
  /** Bytes that each sample has; 0 when each has its own size. */
  readonly fixedBytes: number
  /** Bits of an entry. */
  readonly entryBits: number
}

const SIZES_HEADER_BYTES = 12

/** Sections 8.7.3.2 (stsz) and 8.7.3.3 (stz2). */
async function readSizes(reader: BoundedReader, box: Mp4Box | undefined): Promise<SampleSizes | undefined> {
  const header = await readContent(reader, box, 0, SIZES_HEADER_BYTES)
  if (!box || !header) return undefined
  const samples = header.getUint32(8)
  const fixedBytes = box.type === 'stsz' ? header.getUint32(4) : 0
  if (fixedBytes > 0) return { box, samples, fixedBytes, entryBits: 0 }
  const entryBits = box.type === 'stsz' ? 32 : header.getUint8(7)
  const tableBytes = Math.ceil((samples * entryBits) / 8)
  const isWhole = entryBits > 0 && box.body + SIZES_HEADER_BYTES + tableBytes <= box.end
  return isWhole ? { box, samples, fixedBytes, entryBits } : undefined
}

/** Section 8.7.4: the last entry holds for all chunks from its first one on. */
async function readLastSamplesPerChunk(
  reader: BoundedReader,
  box: Mp4Box | undefined,
): Promise<number | undefined> {
  const entry = await readLastEntry(reader, box, 12)
  const samples = entry?.getUint32(4)
  return samples === 0 ? undefined : samples
}

/** Section 8.7.5. */
async function readLastChunkOffset(
  reader: BoundedReader,
  box: Mp4Box | undefined,
): Promise<number | undefined> {
  if (box?.type === 'stco') return (await readLastEntry(reader, box, 4))?.getUint32(0)
  const offset = (await readLastEntry(reader, box, 8))?.getBigUint64(0)
  return offset === undefined ? undefined : Number(offset)
}

const TABLE_HEADER_BYTES = 8

/** @returns the last entry of a table that begins with its number of entries; undefined when there is none */
async function readLastEntry(
  reader: BoundedReader,
  box: Mp4Box | undefined,
  entryBytes: number,
): Promise<DataView | undefined> {
  const header = await readContent(reader, box, 0, TABLE_HEADER_BYTES)
  const entries = header?.getUint32(4) ?? 0
  if (entries === 0) return undefined
  return readContent(reader, box, TABLE_HEADER_BYTES + (entries - 1) * entryBytes, entryBytes)
}

/** @returns the bytes of the last `count` samples; 0 where they can't be read without great effort */
async function readBytesOfLast(reader: BoundedReader, sizes: SampleSizes, count: number): Promise<number> {
  if (sizes.fixedBytes > 0) return sizes.fixedBytes * count
  // Compact sizes are for streams of tiny samples; none that is recorded here is one
  if (sizes.entryBits !== 32) return 0
  const table = await readContent(
    reader,
    sizes.box,
    SIZES_HEADER_BYTES + (sizes.samples - count) * 4,
    count * 4,
  )
  if (!table) return 0
  let bytes = 0
  for (let at = 0; at < table.byteLength; at += 4) bytes += table.getUint32(at)
  return bytes
}
