import type { S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'

export const MAX_PART_NUMBER = 10_000

/** @throws S3Error InvalidPart for what is no number or less than 1, InvalidArgument for more than the maximum */
export function readPartNumber(request: S3Request): number {
  const text = request.query.get('partNumber') ?? ''
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > MAX_PART_NUMBER) {
    throw new S3Error(
      number < 1 ? 'InvalidPart' : 'InvalidArgument',
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
      { details: { ArgumentName: 'partNumber', ArgumentValue: text } },
    )
  }
  return number
}
