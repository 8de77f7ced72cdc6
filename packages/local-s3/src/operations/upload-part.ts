import { checksumHeader } from '../body/checksum-algorithm.ts'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import { sendEmpty } from '../http/send.ts'
import { S3Error } from '../s3-error.ts'
import { touched } from '../store/store.ts'
import type { UploadPart } from '../store/stored-object.ts'
import { findUpload } from './find-upload.ts'
import type { ObjectCall } from './operation.ts'
import { receiveBlob } from './receive-blob.ts'

export const MAX_PART_NUMBER = 10_000

/** UploadPart. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(call: ObjectCall): Promise<void> {
  const { request, response, store } = call
  if (headerOf(request, 'x-amz-copy-source') !== undefined)
    throw new S3Error('NotImplemented', 'UploadPartCopy is not supported.')
  const number = readPartNumber(request)
  const { upload } = findUpload(call)
  const { blob, summary } = await receiveBlob(call)
  const { checksum } = summary
  const part: UploadPart = {
    number,
    etag: summary.md5,
    size: summary.size,
    modifiedMs: call.now(),
    blob,
    ...(checksum && { checksum }),
  }
  try {
    if (upload.checksum && upload.checksum.algorithm !== checksum?.algorithm) {
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
  sendEmpty(response, 200, {
    etag: `"${part.etag}"`,
    ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
  })
}

function readPartNumber(request: S3Request): number {
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
