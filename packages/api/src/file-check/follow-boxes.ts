import type { BoundedReader } from './bounded-reader.ts'
import { readBox, type Mp4Box } from './read-box.ts'

/**
 * Follows the boxes at the top level of a file, up to the first that makes no sense, that is not all there (it is given
 * still), or that would take more reads than are left.
 *
 * @param start where the first begins, bytes from the beginning of the file
 */
export async function* followBoxes(reader: BoundedReader, start: number): AsyncGenerator<Mp4Box> {
  let offset = start
  while (offset < reader.size) {
    const box = await readBox(reader, offset)
    if (!box) return
    yield box
    offset = box.end
  }
}
