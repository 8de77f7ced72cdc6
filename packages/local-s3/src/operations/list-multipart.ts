import { checksumElement } from '../body/checksum-algorithm.ts'
import { formEncode } from '../http/form-encode.ts'
import type { S3Query } from '../http/s3-request.ts'
import { sendXml } from '../http/send.ts'
import { element, optionalElement } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import { compareKeys } from '../store/compare-keys.ts'
import { findUpload } from './find-upload.ts'
import { readLimit } from './list-objects.ts'
import type { BucketCall, ObjectCall } from './operation.ts'
import { ownerElement } from './owner.ts'

const MAX_PAGE = 10_000

/** ListParts. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export async function listParts(call: ObjectCall): Promise<void> {
  const { request, response, bucket, key } = call
  const { upload, parts } = findUpload(call)
  const limit = readLimit(request.query, 'max-parts', MAX_PAGE)
  const marker = readMarker(request.query)
  const rest = [...parts.values()]
    .filter(({ number }) => number > marker)
    .toSorted((a, b) => a.number - b.number)
  const page = rest.slice(0, Math.min(limit, MAX_PAGE))
  const isTruncated = limit > 0 && rest.length > page.length
  sendXml(response, 'ListPartsResult', [
    element('Bucket', bucket),
    element('Key', key),
    element('UploadId', upload.id),
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', (isTruncated && page.at(-1)?.number) || 0),
    element('MaxParts', limit),
    element('IsTruncated', isTruncated),
    ...(upload.checksum
      ? [
          element('ChecksumAlgorithm', upload.checksum.algorithm),
          element('ChecksumType', upload.checksum.type),
        ]
      : []),
    ...page.map((part) =>
      element('Part', [
        element('PartNumber', part.number),
        element('LastModified', new Date(part.modifiedMs).toISOString()),
        element('ETag', `"${part.etag}"`),
        element('Size', part.size),
        ...(part.checksum ? [element(checksumElement(part.checksum.algorithm), part.checksum.value)] : []),
      ]),
    ),
    ownerElement(call.signature, 'Initiator'),
    ownerElement(call.signature),
    element('StorageClass', 'STANDARD'),
  ])
}

function readMarker(query: S3Query): number {
  const text = query.get('part-number-marker') ?? '0'
  if (!/^\d{1,5}$/.test(text))
    throw new S3Error('InvalidArgument', 'Argument part-number-marker must be an integer.')
  return Number(text)
}

/**
 * ListMultipartUploads, by key and then by start. A delimiter is not looked at.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export async function listMultipartUploads({ request, response, store, bucket }: BucketCall): Promise<void> {
  const { query } = request
  store.bucket(bucket)
  const prefix = query.get('prefix') ?? ''
  const keyMarker = query.get('key-marker') ?? ''
  const idMarker = query.get('upload-id-marker') ?? ''
  const limit = readLimit(query, 'max-uploads', MAX_PAGE)
  const encode = query.get('encoding-type') === 'url' ? formEncode : (text: string): string => text
  const rest = [...store.uploads.values()]
    .map(({ upload }) => upload)
    .filter((upload) => upload.bucket === bucket && upload.key.startsWith(prefix))
    .toSorted((a, b) => compareKeys(a.key, b.key) || compareKeys(a.id, b.id))
    .filter(({ key, id }) => {
      const order = compareKeys(key, keyMarker)
      return order > 0 || (order === 0 && idMarker !== '' && id > idMarker)
    })
  const page = rest.slice(0, Math.min(limit, MAX_PAGE))
  const last = limit > 0 && rest.length > page.length ? page.at(-1) : undefined
  sendXml(response, 'ListMultipartUploadsResult', [
    element('Bucket', bucket),
    element('KeyMarker', encode(keyMarker)),
    element('UploadIdMarker', idMarker),
    ...optionalElement('NextKeyMarker', last && encode(last.key)),
    ...optionalElement('NextUploadIdMarker', last?.id),
    element('Prefix', encode(prefix)),
    ...optionalElement('EncodingType', query.get('encoding-type')),
    element('MaxUploads', limit),
    element('IsTruncated', last !== undefined),
    ...page.map((upload) =>
      element('Upload', [
        element('Key', encode(upload.key)),
        element('UploadId', upload.id),
        element('StorageClass', 'STANDARD'),
        element('Initiated', new Date(upload.startedMs).toISOString()),
      ]),
    ),
  ])
}
