import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { checksumAlgorithmSchema } from '../body/checksum-algorithm.ts'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import { sendXml } from '../http/send.ts'
import { element } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import { touched } from '../store/store.ts'
import type { Upload } from '../store/stored-object.ts'
import { readObjectHeaders } from './object-headers.ts'
import type { ObjectCall } from './operation.ts'

/** Far more than clients have at once, few enough to keep in memory. Abandoned ones are aborted after a week. */
const MAX_OPEN_UPLOADS = 10_000

/** CreateMultipartUpload. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export async function createMultipartUpload({
  request,
  response,
  store,
  bucket,
  key,
  now,
}: ObjectCall): Promise<void> {
  const checksum = readChecksum(request)
  const upload: Upload = {
    ...readObjectHeaders(request),
    id: randomBytes(16).toString('hex'),
    bucket,
    key,
    startedMs: now(),
    ...(checksum && { checksum }),
  }
  await store.commit({
    touches: [touched.upload(upload.id)],
    decide: () => {
      store.bucket(bucket)
      if (store.uploads.size >= MAX_OPEN_UPLOADS)
        throw new S3Error('ServiceUnavailable', 'Too many multipart uploads are open; abort some.')
      return [{ type: 'upload-created', upload }]
    },
  })
  sendXml(
    response,
    'InitiateMultipartUploadResult',
    [element('Bucket', bucket), element('Key', key), element('UploadId', upload.id)],
    checksum && {
      'x-amz-checksum-algorithm': checksum.algorithm,
      'x-amz-checksum-type': checksum.type,
    },
  )
}

function readChecksum(request: S3Request): Upload['checksum'] {
  const algorithm = checksumAlgorithmSchema
    .optional()
    .safeParse(headerOf(request, 'x-amz-checksum-algorithm')?.toUpperCase())
  const type = z
    .enum(['FULL_OBJECT', 'COMPOSITE'])
    .optional()
    .safeParse(headerOf(request, 'x-amz-checksum-type')?.toUpperCase())
  if (!algorithm.success || !type.success)
    throw new S3Error('InvalidArgument', 'Checksum algorithm or type is unknown.')
  if (algorithm.data === undefined) return undefined
  const isHash = algorithm.data === 'SHA1' || algorithm.data === 'SHA256'
  // A CRC-64 is always one of the whole
  const chosen = algorithm.data === 'CRC64NVME' ? 'FULL_OBJECT' : (type.data ?? 'COMPOSITE')
  if (chosen === 'FULL_OBJECT' && isHash)
    throw new S3Error('InvalidArgument', `The ${chosen} checksum type cannot be used with ${algorithm.data}.`)
  return { algorithm: algorithm.data, type: chosen }
}
