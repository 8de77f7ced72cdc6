import { open } from 'node:fs/promises'
import type { TopLevelBox } from './top-level-boxes.ts'
import { readTopLevelBoxes } from './top-level-boxes.ts'

/**
 * Cuts a fragmented MP4, left behind by a process that died, after its last complete fragment (`moof` with
 * its `mdat`), so that players and FFmpeg read it without complaint. A file that is whole is left alone.
 *
 * @returns bytes that are left; 0 if there is not one complete fragment (the file is then left as it is)
 */
export async function cutIncompleteFragments(path: string): Promise<number> {
  await using file = await open(path, 'r+')
  const { size } = await file.stat()
  const boxes = await readTopLevelBoxes(file)
  const end = endOfLastFragment(boxes)
  if (end === 0 || end === size) return end
  await file.truncate(end)
  await file.sync()
  return end
}

/** The offset after the last box that belongs to a complete file: 0 if nothing can be played. */
export function endOfLastFragment(boxes: readonly TopLevelBox[]): number {
  let end = 0
  let hasMovie = false
  for (const [index, box] of boxes.entries()) {
    const after = box.offset + box.size
    if (box.type === 'moov') {
      hasMovie = true
      // A plain MP4, completed: media first, then its index
      if (boxes.slice(0, index).some((earlier) => earlier.type === 'mdat')) end = after
    }
    if (box.type === 'mdat' && hasMovie) end = after
  }
  return end
}
