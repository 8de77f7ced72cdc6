import { S3Error } from '../s3-error.ts'
import type { OpenUpload } from '../store/store-state.ts'
import type { ObjectCall } from './operation.ts'

/**
 * The upload that the `uploadId` parameter names.
 *
 * @throws S3Error NoSuchUpload, also for an upload of another key
 */
export function findUpload({ request, store, bucket, key }: Omit<ObjectCall, 'now'>): OpenUpload {
  store.bucket(bucket)
  const uploadId = request.query.get('uploadId') ?? ''
  const open = store.uploads.get(uploadId)
  if (!open || open.upload.bucket !== bucket || open.upload.key !== key)
    throw new S3Error('NoSuchUpload', undefined, { details: { UploadId: uploadId } })
  return open
}
