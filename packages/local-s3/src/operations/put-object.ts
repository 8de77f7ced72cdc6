import { sendEmpty } from '../http/send.ts'
import { touched } from '../store/store.ts'
import type { StoredObject } from '../store/stored-object.ts'
import { readObjectHeaders, writtenHeaders } from './object-headers.ts'
import type { ObjectCall } from './operation.ts'
import { checkWritePreconditions } from './preconditions.ts'
import { receiveBlob } from './receive-blob.ts'

/**
 * PutObject. The condition is checked twice: before the body, to spare a loser the upload, and when the write's turn
 * comes, which is what counts.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export async function putObject(call: ObjectCall): Promise<void> {
  const { request, response, store, bucket, key } = call
  const described = readObjectHeaders(request)
  checkWritePreconditions(request, store.bucket(bucket).objects.get(key))
  const { blob, summary } = await receiveBlob(call)
  const object: StoredObject = {
    ...described,
    etag: summary.md5,
    size: summary.size,
    modifiedMs: call.now(),
    blobs: [blob],
    ...(summary.checksum && { checksum: { ...summary.checksum, type: 'FULL_OBJECT' as const } }),
  }
  try {
    await store.commit({
      touches: [touched.key(bucket, key)],
      decide: () => {
        checkWritePreconditions(request, store.bucket(bucket).objects.get(key))
        return [{ type: 'object-put', bucket, key, object }]
      },
    })
  } catch (error) {
    store.blobs.discard([blob])
    throw error
  }
  sendEmpty(response, 200, writtenHeaders(object))
}
