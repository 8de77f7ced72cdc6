import { decodePercent, headerOf, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import type { StoredObject } from '../store/stored-object.ts'
import { assertBucketName } from './bucket-name.ts'
import { findObject } from './find-object.ts'
import type { Call } from './operation.ts'
import { checkReadPreconditions } from './preconditions.ts'

export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly object: StoredObject
}

/**
 * The object that `x-amz-copy-source` names, under the conditions that the request has for it.
 *
 * @throws S3Error NoSuchBucket, NoSuchKey, InvalidArgument, PreconditionFailed, NotImplemented for another version
 */
export function findCopySource({ request, store }: Pick<Call, 'request' | 'store'>): CopySource {
  const { bucket, key } = parseCopySource(request)
  const object = findObject(store, bucket, key)
  if (checkReadPreconditions(request, object, 'x-amz-copy-source-') === 'not-modified')
    throw new S3Error('PreconditionFailed')
  return { bucket, key, object }
}

function parseCopySource(request: S3Request): { bucket: string; key: string } {
  const header = headerOf(request, 'x-amz-copy-source') ?? ''
  const [path = '', version] = header.split('?versionId=')
  if (version !== undefined && version !== 'null')
    throw new S3Error('NotImplemented', 'Versions are not supported.')
  const decoded = decodeSource(path).replace(/^\//, '')
  const slash = decoded.indexOf('/')
  if (slash < 1 || slash === decoded.length - 1)
    throw new S3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    )
  const bucket = decoded.slice(0, slash)
  assertBucketName(bucket)
  return { bucket, key: decoded.slice(slash + 1) }
}

/** What is no valid escape is taken as it is. */
function decodeSource(path: string): string {
  try {
    return decodePercent(path)
  } catch (error) {
    if (error instanceof S3Error) return path
    throw error
  }
}
