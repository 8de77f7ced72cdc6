import { checksumAlgorithmSchema } from '../body/checksum-algorithm.ts'
import { digestBytes } from '../body/digest-bytes.ts'
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
  const { md5, checksum: computed } = await drain(
    digestBytes(blobs.read(original.blobs, 0, original.size - 1), algorithm),
  )
  return { etag: md5, ...(computed && { checksum: { ...computed, type: 'FULL_OBJECT' as const } }) }
}

async function drain<R>(chunks: AsyncGenerator<unknown, R, undefined>): Promise<R> {
  for (;;) {
    const step = await chunks.next()
    if (step.done === true) return step.value
  }
}
