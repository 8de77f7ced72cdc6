import { S3Error } from '../s3-error.ts'

export interface ByteRange {
  readonly start: number
  /** Inclusive. */
  readonly end: number
}

/**
 * RFC 9110 section 14.1.2, one range. What is not understood, several ranges included, is ignored as S3 does: the whole
 * object is the answer. A range that ends before it begins is refused, which section 14.2 leaves to the server.
 *
 * @param size of the object in bytes
 * @throws S3Error InvalidRange
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | undefined {
  const parts = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!parts) return undefined
  const [, first = '', last = ''] = parts
  if (first === '' && last === '') return undefined
  const isReversed = first !== '' && last !== '' && Number(last) < Number(first)
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (isReversed || start >= size || (first === '' && Number(last) === 0)) {
    throw new S3Error('InvalidRange', undefined, {
      details: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
    })
  }
  return { start, end }
}
