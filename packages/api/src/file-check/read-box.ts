import type { BoundedReader } from './bounded-reader.ts'

/** A box of an MP4 file (ISO/IEC 14496-12, section 4.2). Offsets in bytes from the beginning of the file. */
export interface Mp4Box {
  readonly type: string
  readonly start: number
  /** Where its content begins. */
  readonly body: number
  /** The offset after it: beyond the end of the file where the file was cut. */
  readonly end: number
}

/** Apple's own types begin with ©. */
const BOX_TYPE = /^[\x20-\x7e\xa9][\x20-\x7e]{3}$/
const HEADER_BYTES = 8
const LARGE_HEADER_BYTES = 16
/** More than any box has that is looked into here: a movie has a track for each medium. */
const MAX_CHILDREN = 500

/**
 * Reads the header of the box at `start`. Its size may be a lie: whether it ends inside the file is for the caller to
 * see.
 *
 * @returns undefined when the bytes there are no header of a box, or not all there
 */
export async function readBox(reader: BoundedReader, start: number): Promise<Mp4Box | undefined> {
  const header = await reader.view(start, HEADER_BYTES)
  if (!header) return undefined
  const type = fourCharacters(header, 4)
  if (!BOX_TYPE.test(type)) return undefined
  const size = header.getUint32(0)
  // Section 4.2.2: 0 is up to the end of the file, 1 says that a size of 64 bits follows the type
  if (size === 0) return { type, start, body: start + HEADER_BYTES, end: reader.size }
  if (size > 1) {
    return size < HEADER_BYTES ? undefined : { type, start, body: start + HEADER_BYTES, end: start + size }
  }
  const large = await reader.view(start + HEADER_BYTES, 8)
  const end = start + Number(large?.getBigUint64(0) ?? 0n)
  const body = start + LARGE_HEADER_BYTES
  return end < body || !Number.isSafeInteger(end) ? undefined : { type, start, body, end }
}

/**
 * The boxes inside a box, in their order, up to the first that makes no sense: one without a proper header, or with an
 * end beyond that of its parent.
 *
 * @param headerBytes what the parent has of its own before its children
 */
export async function readChildren(
  reader: BoundedReader,
  parent: Mp4Box,
  headerBytes = 0,
): Promise<readonly Mp4Box[]> {
  const children: Mp4Box[] = []
  let offset = parent.body + headerBytes
  while (offset < parent.end && children.length < MAX_CHILDREN) {
    const child = await readBox(reader, offset)
    if (!child || child.end > parent.end) break
    children.push(child)
    offset = child.end
  }
  return children
}

/** @returns the content of a box from `skip` bytes on, `length` of it; undefined when the box holds no such part */
export async function readContent(
  reader: BoundedReader,
  box: Mp4Box | undefined,
  skip: number,
  length: number,
): Promise<DataView | undefined> {
  if (!box || box.body + skip + length > box.end) return undefined
  return reader.view(box.body + skip, length)
}

/** @returns the four characters at `offset`, whatever they are */
export function fourCharacters(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)))
}
