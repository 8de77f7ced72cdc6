import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { checksumHeader } from '../body/checksum-algorithm.ts'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import type { StoredObject } from '../store/stored-object.ts'
import { parseByteRange } from './byte-range.ts'
import { findObject } from './find-object.ts'
import { describeObject, responseOverrides } from './object-headers.ts'
import type { ObjectCall } from './operation.ts'
import { findPartRange } from './part-range.ts'
import { checkReadPreconditions, ifRangeHolds } from './preconditions.ts'

/**
 * GetObject and HeadObject: the whole, one range or one part, streamed at the client's pace. A client that leaves closes the file.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function getObject({ request, response, store, bucket, key }: ObjectCall): Promise<void> {
  const object = findObject(store, bucket, key)
  const headers: Record<string, string | number> = {
    ...describeObject(object),
    ...responseOverrides(request),
  }
  if (checkReadPreconditions(request, object) === 'not-modified') {
    delete headers['content-type']
    response.writeHead(304, headers).end()
    return
  }
  const part = findPartRange(request, object)
  const asked = ifRangeHolds(request, object) ? headerOf(request, 'range') : undefined
  const range = part ? part.range : parseByteRange(asked, object.size)
  if (part?.partsCount !== undefined) headers['x-amz-mp-parts-count'] = part.partsCount
  const { start, end } = range ?? { start: 0, end: object.size - 1 }
  headers['content-length'] = end - start + 1
  if (range) headers['content-range'] = `bytes ${start}-${end}/${object.size}`
  else Object.assign(headers, checksumHeaders(request, object))
  if (request.method === 'HEAD') {
    response.writeHead(range ? 206 : 200, headers).end()
    return
  }
  const release = store.blobs.retain(object.blobs)
  try {
    await store.blobs.assertPresent(object.blobs.slice(0, 1))
    response.writeHead(range ? 206 : 200, headers)
    await pipeline(Readable.from(store.blobs.read(object.blobs, start, end)), response)
  } finally {
    release()
  }
}

function checksumHeaders(request: S3Request, { checksum }: StoredObject): Record<string, string> {
  const mode = headerOf(request, 'x-amz-checksum-mode') ?? request.query.get('x-amz-checksum-mode')
  if (!checksum || mode !== 'ENABLED') return {}
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
}
