import type { BoundedReader } from './bounded-reader.ts'
import { readContent, type Mp4Box } from './read-box.ts'

/** What a segment index says of the fragments after it. */
export interface SegmentIndex {
  readonly durationSeconds: number
  /** The offset in the file after the last of them, in bytes. */
  readonly end: number
}

/** Reads a segment index (ISO/IEC 14496-12, section 8.16.3). @returns undefined when it makes no sense */
export async function readSegmentIndex(
  reader: BoundedReader,
  sidx: Mp4Box,
): Promise<SegmentIndex | undefined> {
  const content = await readContent(reader, sidx, 0, sidx.end - sidx.body)
  if (!content || content.byteLength < 24) return undefined
  const isLarge = content.getUint8(0) === 1
  const entries = isLarge ? 32 : 24
  if (content.byteLength < entries) return undefined
  const timescale = content.getUint32(8)
  const firstOffset = isLarge ? Number(content.getBigUint64(20)) : content.getUint32(16)
  const count = content.getUint16(entries - 2)
  if (timescale === 0 || content.byteLength < entries + count * 12) return undefined
  let duration = 0
  let end = sidx.end + firstOffset
  for (let at = entries; at < entries + count * 12; at += 12) {
    // The first bit says whether media or another index is meant
    end += content.getUint32(at) & 0x7fff_ffff
    duration += content.getUint32(at + 4)
  }
  return { durationSeconds: duration / timescale, end }
}
