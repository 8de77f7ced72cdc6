import parseRange from 'range-parser'

/** Bytes of a representation, both ends included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a Range header (RFC 9110, section 14.2) for a representation of `size` bytes.
 * - One range of bytes is answered; an open-ended one (`bytes=5-`) with at most `portionBytes`, so that a player
 *   fetches what it plays.
 * - Another unit, a malformed value or several ranges are ignored, as section 14.2 allows: the whole is sent.
 * @returns the range, 'whole', or 'unsatisfiable' (416)
 */
export function byteRange(
  header: string | undefined,
  size: number,
  portionBytes: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  if (header === undefined) return 'whole'
  const specs = /^bytes=\s*((?:\d+-\d*|-\d+))\s*$/i.exec(header)
  if (!specs?.[1]) return 'whole'
  const parsed = parseRange(size, `bytes=${specs[1]}`)
  if (parsed === -1) return 'unsatisfiable'
  if (parsed === -2) return 'whole'
  const [range] = parsed
  if (!range) return 'whole'
  const isOpenEnded = specs[1].endsWith('-')
  const end = isOpenEnded ? Math.min(range.end, range.start + portionBytes - 1) : range.end
  return { start: range.start, end }
}
