import { headerOf, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import {
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  isChecksumValue,
  type ChecksumAlgorithm,
} from './checksum-algorithm.ts'

/** What the client says its body adds up to. */
export interface DeclaredDigests {
  /** Base64. */
  readonly md5: string | undefined
  readonly checksum: DeclaredChecksum | undefined
}

export interface DeclaredChecksum {
  readonly algorithm: ChecksumAlgorithm
  /** Base64; absent where it follows the body as a trailer. */
  readonly value: string | undefined
}

/**
 * Reads Content-MD5, x-amz-checksum-* and x-amz-trailer.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 *
 * @throws S3Error InvalidDigest, InvalidArgument, InvalidRequest
 */
export function declaredDigests(request: S3Request): DeclaredDigests {
  const md5 = headerOf(request, 'content-md5')
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) throw new S3Error('InvalidDigest')
  const trailer = headerOf(request, 'x-amz-trailer')?.trim().toLowerCase()
  const declared: DeclaredChecksum[] = []
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const name = checksumHeader(algorithm)
    // A presigned URL carries as a parameter what would have been a header
    const value = headerOf(request, name) ?? request.query.get(name)
    if (value !== undefined) {
      if (!isChecksumValue(algorithm, value))
        throw new S3Error('InvalidArgument', `Value for ${name} header is invalid.`)
      declared.push({ algorithm, value })
    } else if (trailer === name) declared.push({ algorithm, value: undefined })
  }
  if (trailer !== undefined && !declared.some(({ value }) => value === undefined))
    throw new S3Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported')
  if (declared.length > 1)
    throw new S3Error(
      'InvalidArgument',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const [checksum] = declared
  return { md5, checksum }
}
