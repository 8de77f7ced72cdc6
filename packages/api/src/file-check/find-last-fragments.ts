import { MAX_READ_BYTES, type BoundedReader } from './bounded-reader.ts'
import { fourCharacters, readBox } from './read-box.ts'

/** Header of a fragment and of the first box in it, with that box's type. */
const SIGNATURE_BYTES = 16
const WHOLE_READ = MAX_READ_BYTES - SIGNATURE_BYTES
/** What is looked through, step by step backwards from the end, in bytes: 20 s of 8 Mbit/s in all. */
const STEPS = [256 * 1024, 1024 * 1024, WHOLE_READ, WHOLE_READ, WHOLE_READ, WHOLE_READ, WHOLE_READ]
/** More than there are between a fragment and the next. */
const MAX_BOXES_BETWEEN = 16
/** Fragments found at once: enough to have one of each track where each has its own. */
const MAX_FOUND = 64
/** Places that look like a fragment; media that looks like more of them was made to. */
const MAX_CANDIDATES = 1_000
/** Less than this may be what is left of a header that was cut off. */
const LARGEST_HEADER_BYTES = 16

/**
 * Finds the last fragments of a file that has too many to follow them from its beginning, and no index at its end: looks
 * for what begins as a fragment does (`moof`, and in it first `mfhd`: ISO/IEC 14496-12, sections 8.8.4 and 8.8.5), and
 * from where boxes follow each other up to the end of the file.
 *
 * @param from where the search ends, bytes from the beginning of the file
 * @returns where the earliest of those found begins; undefined when there is none within reach
 */
export async function findLastFragments(reader: BoundedReader, from: number): Promise<number | undefined> {
  let candidates = 0
  let end = reader.size
  for (const step of STEPS) {
    const start = Math.max(from, end - step)
    const view = await reader.view(start, Math.min(reader.size, end + SIGNATURE_BYTES) - start)
    if (!view) return undefined
    let earliest: number | undefined
    let found = 0
    for (const offset of signatures(view)) {
      if (++candidates > MAX_CANDIDATES) return earliest
      if (!(await leadsTo(reader, start + offset, earliest))) continue
      earliest = start + offset
      if (++found === MAX_FOUND) break
    }
    if (earliest !== undefined || start === from) return earliest
    end = start
  }
  return undefined
}

/** Offsets at which a `moof` with an `mfhd` begins, from the last to the first. */
function* signatures(view: DataView): Generator<number> {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  for (let at = bytes.length; at >= 4; at--) {
    at = bytes.lastIndexOf('moof', at, 'latin1')
    if (at < 4) return
    const inner = at + 8
    if (inner + 4 <= bytes.length && fourCharacters(view, inner) === 'mfhd') yield at - 4
  }
}

/** Whether boxes follow each other from a fragment to the next one that is known, or to the end of the file. */
async function leadsTo(reader: BoundedReader, moofStart: number, next: number | undefined): Promise<boolean> {
  let offset = moofStart
  for (let boxes = 0; boxes < MAX_BOXES_BETWEEN; boxes++) {
    const box = await readBox(reader, offset)
    if (!box) return false
    offset = box.end
    if (next !== undefined ? offset === next : offset + LARGEST_HEADER_BYTES > reader.size) return true
    if (next !== undefined && offset > next) return false
  }
  return false
}
