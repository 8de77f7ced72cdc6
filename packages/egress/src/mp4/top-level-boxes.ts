import type { FileHandle } from 'node:fs/promises'

/** A box at the top level of an MP4 file (ISO/IEC 14496-12, section 4.2). Offsets and sizes in bytes. */
export interface TopLevelBox {
  type: string
  offset: number
  size: number
}

const HEADER_BYTES = 8
const LARGE_HEADER_BYTES = 16
/** More boxes than a day of half-second fragments has. */
const MAX_BOXES = 500_000

/**
 * Reads the headers of all boxes that lie wholly inside the file. Stops at the first that does not, at one
 * whose size makes no sense, and at one that is open-ended (size 0: up to the end of the file).
 */
export async function readTopLevelBoxes(file: FileHandle): Promise<TopLevelBox[]> {
  const { size: fileSize } = await file.stat()
  const header = Buffer.alloc(LARGE_HEADER_BYTES)
  const boxes: TopLevelBox[] = []
  let offset = 0
  while (offset + HEADER_BYTES <= fileSize && boxes.length < MAX_BOXES) {
    const { bytesRead } = await file.read(header, 0, LARGE_HEADER_BYTES, offset)
    const box = parseBoxHeader(header.subarray(0, bytesRead), offset)
    if (!box || box.offset + box.size > fileSize) break
    boxes.push(box)
    offset += box.size
  }
  return boxes
}

/** @returns null if the bytes are no header of a box with a known size */
export function parseBoxHeader(bytes: Buffer, offset: number): TopLevelBox | null {
  if (bytes.length < HEADER_BYTES) return null
  const shortSize = bytes.readUInt32BE(0)
  const type = bytes.toString('latin1', 4, 8)
  if (!/^[\x20-\x7e]{4}$/.test(type)) return null
  if (shortSize !== 1) return shortSize < HEADER_BYTES ? null : { type, offset, size: shortSize }
  if (bytes.length < LARGE_HEADER_BYTES) return null
  const size = Number(bytes.readBigUInt64BE(8))
  return size < LARGE_HEADER_BYTES || !Number.isSafeInteger(offset + size) ? null : { type, offset, size }
}
