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
  const spec = /^bytes=\s*(?:(\d+)-(\d*)|-(\d+))\s*$/i.exec(header)
  if (!spec) return 'whole'
  const [, first, last, suffixLength] = spec
  if (suffixLength !== undefined) {
    // A suffix longer than the representation is all of it (section 14.1.2)
    const start = Math.max(0, size - Number(suffixLength))
    return start < size ? { start, end: size - 1 } : 'unsatisfiable'
  }
  const start = Number(first)
  const end = last ? Number(last) : start + portionBytes - 1
  // An end before its beginning makes the value invalid (section 14.1.1), not unsatisfiable
  if (end < start) return 'whole'
  return start < size ? { start, end: Math.min(end, size - 1) } : 'unsatisfiable'
}
