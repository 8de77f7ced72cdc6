import { headerOf, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import { isInParts, type StoredObject } from '../store/stored-object.ts'
import type { ByteRange } from './byte-range.ts'
import { MAX_PART_NUMBER } from './part-number.ts'

export interface PartRange {
  /** Absent for a part of no bytes. */
  readonly range: ByteRange | undefined
  /** Absent for an object that was not uploaded in parts. */
  readonly partsCount: number | undefined
}

/**
 * The bytes of the part that `partNumber` asks for, counted from 1 in the object, whatever the numbers were under which
 * its parts were uploaded. An object that was put at once has one.
 *
 * @returns nothing if no part is asked for
 * @throws S3Error InvalidArgument, InvalidRequest (a range as well), InvalidPartNumber
 */
export function findPartRange(request: S3Request, object: StoredObject): PartRange | undefined {
  const text = request.query.get('partNumber') ?? ''
  if (text === '') return undefined
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > MAX_PART_NUMBER)
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MAX_PART_NUMBER}`)
  if (headerOf(request, 'range') !== undefined)
    throw new S3Error('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter')
  const sizes = partSizesOf(object)
  const size = sizes[number - 1]
  if (size === undefined) throw new S3Error('InvalidPartNumber')
  const start = sizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0)
  return {
    range: size === 0 ? undefined : { start, end: start + size - 1 },
    partsCount: isInParts(object) ? sizes.length : undefined,
  }
}

/** Bytes of each part, in order. An object that was put at once has one. */
export function partSizesOf(object: StoredObject): number[] {
  return isInParts(object) ? object.blobs.map(({ size }) => size) : [object.size]
}
