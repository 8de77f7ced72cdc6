import { checksumHeader } from '../body/checksum-algorithm.ts'
import { sendEmpty } from '../http/send.ts'
import { findUpload } from './find-upload.ts'
import type { ObjectCall } from './operation.ts'
import { readPartNumber } from './part-number.ts'
import { putPart } from './put-part.ts'
import { receiveBlob } from './receive-blob.ts'

/** UploadPart. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(call: ObjectCall): Promise<void> {
  const number = readPartNumber(call.request)
  findUpload(call)
  const { etag, checksum } = await putPart(call, number, await receiveBlob(call))
  sendEmpty(call.response, 200, {
    etag: `"${etag}"`,
    ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
  })
}
