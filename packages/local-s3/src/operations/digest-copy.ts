import { createHash } from 'node:crypto'
import { checksumAlgorithmSchema, startChecksum } from '../body/checksum-algorithm.ts'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import type { BlobFolder } from '../store/blob-folder.ts'
import { isInParts, type StoredObject } from '../store/stored-object.ts'

type CopyDigests = Pick<StoredObject, 'etag'> & Partial<Pick<StoredObject, 'checksum'>>

/**
 * ETag and checksum of a copy, which are those of an object that was put at once. They are known already, unless the
 * source was uploaded in parts or another checksum is asked for; then the bytes are read.
 */
export async function digestCopy(
  request: S3Request,
  original: StoredObject,
  blobs: BlobFolder,
): Promise<CopyDigests> {
  // One that is none is ignored, as MinIO does
  const asked = checksumAlgorithmSchema.safeParse(
    headerOf(request, 'x-amz-checksum-algorithm')?.toUpperCase(),
  )
  const { etag, checksum } = original
  const algorithm = asked.data ?? checksum?.algorithm
  if (!isInParts(original) && algorithm === checksum?.algorithm)
    return { etag, ...(checksum && { checksum }) }
  const md5 = createHash('md5')
  const running = algorithm && startChecksum(algorithm)
  for await (const chunk of blobs.read(original.blobs, 0, original.size - 1)) {
    md5.update(chunk)
    running?.update(chunk)
  }
  const copied = { etag: md5.digest('hex') }
  if (!algorithm || !running) return copied
  return {
    ...copied,
    checksum: { algorithm, type: 'FULL_OBJECT', value: running.digest().toString('base64') },
  }
}
