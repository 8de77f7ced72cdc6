import { S3Error } from '../s3-error.ts'
import { touched } from '../store/store.ts'
import type { UploadPart } from '../store/stored-object.ts'
import { findUpload } from './find-upload.ts'
import type { ObjectCall } from './operation.ts'
import type { ReceivedBlob } from './receive-blob.ts'

/**
 * Makes bytes a part of the upload that the request names, in place of the one that has the number. If that fails, the
 * bytes are discarded.
 *
 * @throws S3Error NoSuchUpload, InvalidArgument (not the checksum that the upload has)
 */
export async function putPart(
  call: ObjectCall,
  number: number,
  { blob, summary }: ReceivedBlob,
): Promise<UploadPart> {
  const { store } = call
  const part: UploadPart = {
    number,
    etag: summary.md5,
    size: summary.size,
    modifiedMs: call.now(),
    blob,
    ...(summary.checksum && { checksum: summary.checksum }),
  }
  try {
    const { upload } = findUpload(call)
    if (upload.checksum && upload.checksum.algorithm !== part.checksum?.algorithm) {
      throw new S3Error(
        'InvalidArgument',
        `The upload was created with ${upload.checksum.algorithm}, so each part must carry that checksum.`,
      )
    }
    await store.commit({
      touches: [touched.upload(upload.id)],
      decide: () => {
        findUpload(call)
        return [{ type: 'part-put', uploadId: upload.id, part }]
      },
    })
  } catch (error) {
    store.blobs.discard([blob])
    throw error
  }
  return part
}
