import type { BoundedReader } from './bounded-reader.ts'
import { readBox, readChildren, readContent, type Mp4Box } from './read-box.ts'

/** The last fragment of a track from which it can be played. */
export interface RandomAccessPoint {
  readonly trackId: number
  /** In the track's own unit. */
  readonly time: number
  /** Where the fragment's box begins, bytes from the beginning of the file. */
  readonly moofStart: number
}

const MFRO_BYTES = 16

/**
 * Reads the last entries of the fragment index at the end of a file (ISO/IEC 14496-12, sections 8.8.9 to 8.8.11), which
 * is found from the last bytes of the file.
 *
 * @returns an entry for each track that has one; none when the file has no such index
 */
export async function readLastRandomAccess(reader: BoundedReader): Promise<readonly RandomAccessPoint[]> {
  const mfro = await readBox(reader, reader.size - MFRO_BYTES)
  const claimedBytes =
    mfro?.type === 'mfro' ? (await readContent(reader, mfro, 4, 4))?.getUint32(0) : undefined
  const mfra = claimedBytes === undefined ? undefined : await readBox(reader, reader.size - claimedBytes)
  if (mfra?.type !== 'mfra' || mfra.end !== reader.size) return []
  const points: RandomAccessPoint[] = []
  for (const box of await readChildren(reader, mfra)) {
    const point = box.type === 'tfra' ? await readLastPoint(reader, box) : undefined
    if (point) points.push(point)
  }
  return points
}

const TFRA_HEADER_BYTES = 16

/** Section 8.8.10. */
async function readLastPoint(reader: BoundedReader, tfra: Mp4Box): Promise<RandomAccessPoint | undefined> {
  const header = await readContent(reader, tfra, 0, TFRA_HEADER_BYTES)
  const count = header?.getUint32(12) ?? 0
  if (!header || count === 0) return undefined
  const isLarge = header.getUint8(0) === 1
  // How many bytes the numbers of track fragment, run and sample have: two bits for each, less one
  const lengths = header.getUint32(8)
  const numberBytes = ((lengths >> 4) & 3) + ((lengths >> 2) & 3) + (lengths & 3) + 3
  const entryBytes = (isLarge ? 16 : 8) + numberBytes
  const entry = await readContent(reader, tfra, TFRA_HEADER_BYTES + (count - 1) * entryBytes, entryBytes)
  if (!entry) return undefined
  const trackId = header.getUint32(4)
  return isLarge
    ? { trackId, time: Number(entry.getBigUint64(0)), moofStart: Number(entry.getBigUint64(8)) }
    : { trackId, time: entry.getUint32(0), moofStart: entry.getUint32(4) }
}
