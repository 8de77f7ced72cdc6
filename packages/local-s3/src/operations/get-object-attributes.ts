import { checksumElement } from '../body/checksum-algorithm.ts'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import { sendXml } from '../http/send.ts'
import { element, type XmlElement } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import type { StoredObject } from '../store/stored-object.ts'
import { findObject } from './find-object.ts'
import { describeObject } from './object-headers.ts'
import type { ObjectCall } from './operation.ts'
import { partSizesOf } from './part-range.ts'
import { checkReadPreconditions } from './preconditions.ts'

const MAX_PAGE = 10_000

/** Which parts are to be listed. */
interface Page {
  readonly limit: number
  /** The number after which they begin. */
  readonly marker: number
}

const ATTRIBUTES = {
  ETag: ({ etag }) => [element('ETag', etag)],
  Checksum: ({ checksum }) =>
    checksum
      ? [
          element('Checksum', [
            // Without the number of parts that a read has behind it
            element(checksumElement(checksum.algorithm), checksum.value.replace(/-\d+$/, '')),
            element('ChecksumType', checksum.type),
          ]),
        ]
      : [],
  ObjectParts: (object, page) => [element('ObjectParts', partElements(object, page))],
  StorageClass: () => [element('StorageClass', 'STANDARD')],
  ObjectSize: ({ size }) => [element('ObjectSize', size)],
} as const satisfies Record<string, (object: StoredObject, page: Page) => XmlElement[]>
type Attribute = keyof typeof ATTRIBUTES

/**
 * GetObjectAttributes. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 *
 * @throws S3Error InvalidArgument, PreconditionFailed, NoSuchBucket, NoSuchKey
 */
export async function getObjectAttributes(call: ObjectCall): Promise<void> {
  const { request, response, store, bucket, key } = call
  const wanted = readAttributes(request)
  const page: Page = {
    limit: readNumber(request, 'x-amz-max-parts') || MAX_PAGE,
    marker: readNumber(request, 'x-amz-part-number-marker'),
  }
  const object = findObject(store, bucket, key)
  const { etag, 'last-modified': modified } = describeObject(object)
  if (checkReadPreconditions(request, object) === 'not-modified') {
    response.writeHead(304, { etag, 'last-modified': modified }).end()
    return
  }
  const found = wanted.flatMap((name) => ATTRIBUTES[name](object, page))
  sendXml(response, 'GetObjectAttributesResponse', found, { 'last-modified': modified })
}

/** Spaces between the names are refused, though the AWS SDK for JavaScript sends them: MinIO does so. */
function readAttributes(request: S3Request): Attribute[] {
  const names = (headerOf(request, 'x-amz-object-attributes') ?? '').split(',').filter((name) => name !== '')
  const unknown = names.find((name) => !isAttribute(name))
  if (unknown !== undefined || names.length === 0)
    throw new S3Error('InvalidArgument', 'Invalid attribute name specified.', {
      details: { ArgumentName: 'x-amz-object-attributes', ArgumentValue: unknown ?? '' },
    })
  return [...new Set(names.filter(isAttribute))]
}

function isAttribute(name: string): name is Attribute {
  return Object.hasOwn(ATTRIBUTES, name)
}

/** What was put at once is one part, as in MinIO; in AWS it is none. */
function partElements(object: StoredObject, { limit, marker }: Page): XmlElement[] {
  const parts = partSizesOf(object).map((size, at) => ({ number: at + 1, size }))
  const rest = parts.slice(marker)
  const listed = rest.slice(0, limit)
  return [
    element('IsTruncated', rest.length > listed.length),
    element('MaxParts', limit),
    element('NextPartNumberMarker', listed.at(-1)?.number ?? 0),
    element('PartNumberMarker', marker),
    element('PartsCount', parts.length),
    ...listed.map(({ number, size }) =>
      element('Part', [element('PartNumber', number), element('Size', size)]),
    ),
  ]
}

function readNumber(request: S3Request, name: 'x-amz-max-parts' | 'x-amz-part-number-marker'): number {
  const text = headerOf(request, name)?.trim() || '0'
  if (!/^\d{1,9}$/.test(text))
    throw new S3Error('InvalidArgument', `Unable to parse ${name}, value should be an integer`, {
      details: { ArgumentName: name, ArgumentValue: text },
    })
  return Number(text)
}
