import { digestBytes } from '../body/digest-bytes.ts'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import { sendXml } from '../http/send.ts'
import { element } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import type { ByteRange } from './byte-range.ts'
import { findCopySource } from './find-copy-source.ts'
import { findUpload } from './find-upload.ts'
import type { ObjectCall } from './operation.ts'
import { readPartNumber } from './part-number.ts'
import { putPart } from './put-part.ts'

/**
 * UploadPartCopy: a part of the bytes of another object, or of some of them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
export async function uploadPartCopy(call: ObjectCall): Promise<void> {
  const { request, response, store } = call
  const number = readPartNumber(request)
  const { object } = findCopySource(call)
  const { upload } = findUpload(call)
  const { start, end } = readSourceRange(request, object.size)
  const release = store.blobs.retain(object.blobs)
  try {
    const bytes = store.blobs.read(object.blobs, start, end)
    const { blob, result } = await store.blobs.write(digestBytes(bytes, upload.checksum?.algorithm))
    const part = await putPart(call, number, { blob, summary: result })
    sendXml(response, 'CopyPartResult', [
      element('ETag', `"${part.etag}"`),
      element('LastModified', new Date(part.modifiedMs).toISOString()),
    ])
  } finally {
    release()
  }
}

/** Both ends must be there and inside the object. */
function readSourceRange(request: S3Request, size: number): ByteRange {
  const header = headerOf(request, 'x-amz-copy-source-range')
  if (header === undefined) return { start: 0, end: size - 1 }
  const parts = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header)
  const start = Number(parts?.[1])
  const end = Number(parts?.[2])
  if (!parts || start > end)
    throw new S3Error(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    )
  if (end >= size)
    throw new S3Error('InvalidArgument', `Range specified is not valid for source object of size: ${size}`)
  return { start, end }
}
