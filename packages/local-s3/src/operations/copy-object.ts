import { headerOf, type S3Request } from '../http/s3-request.ts'
import { sendXml } from '../http/send.ts'
import { element } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import { touched } from '../store/store.ts'
import type { Blob, ObjectHeaders, StoredObject } from '../store/stored-object.ts'
import { digestCopy } from './digest-copy.ts'
import { findCopySource } from './find-copy-source.ts'
import { readObjectHeaders, writtenHeaders } from './object-headers.ts'
import type { ObjectCall } from './operation.ts'
import { checkWritePreconditions } from './preconditions.ts'

/**
 * CopyObject: a second object over the same bytes.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copyObject(call: ObjectCall): Promise<void> {
  const { request, response, store, bucket, key } = call
  const source = findCopySource(call)
  const original = source.object
  const described = describedBy(request, original, source.bucket === bucket && source.key === key)
  checkWritePreconditions(request, store.bucket(bucket).objects.get(key))

  const blobs: Blob[] = []
  const release = store.blobs.retain(original.blobs)
  let object: StoredObject
  try {
    for (const blob of original.blobs) blobs.push(await store.blobs.duplicate(blob))
    object = {
      ...described,
      ...(await digestCopy(request, original, store.blobs)),
      size: original.size,
      blobs,
      modifiedMs: call.now(),
    }
    await store.commit({
      touches: [touched.key(bucket, key)],
      decide: () => {
        checkWritePreconditions(request, store.bucket(bucket).objects.get(key))
        return [{ type: 'object-put', bucket, key, object }]
      },
    })
  } catch (error) {
    store.blobs.discard(blobs)
    throw error
  } finally {
    release()
  }
  sendXml(
    response,
    'CopyObjectResult',
    [element('ETag', `"${object.etag}"`), element('LastModified', new Date(object.modifiedMs).toISOString())],
    writtenHeaders(object),
  )
}

function describedBy(request: S3Request, original: StoredObject, ontoItself: boolean): ObjectHeaders {
  const directive = headerOf(request, 'x-amz-metadata-directive') ?? 'COPY'
  if (directive === 'REPLACE') return readObjectHeaders(request)
  if (directive !== 'COPY') throw new S3Error('InvalidArgument', 'Unknown metadata directive.')
  if (ontoItself)
    throw new S3Error(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing the object’s metadata.',
    )
  const { contentType, headers, metadata } = original
  return { contentType, headers, metadata }
}
