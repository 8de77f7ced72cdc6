import { formEncode } from '../http/form-encode.ts'
import type { S3Query } from '../http/s3-request.ts'
import { sendXml } from '../http/send.ts'
import { element, optionalElement, type XmlElement } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import { listKeys } from '../store/list-keys.ts'
import type { StoredObject } from '../store/stored-object.ts'
import type { BucketCall } from './operation.ts'
import { ownerElement } from './owner.ts'

const MAX_KEYS = 1000

/** ListObjectsV2. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function listObjectsV2({
  request,
  response,
  store,
  bucket,
  signature,
}: BucketCall): Promise<void> {
  const { query } = request
  const shared = readListParameters(query)
  const token = query.get('continuation-token')
  const startAfter = query.get('start-after')
  const page = listKeys(store.bucket(bucket).objects, {
    ...shared,
    after: token === undefined ? (startAfter ?? '') : decodeToken(token),
  })
  const withOwner = query.get('fetch-owner') === 'true'
  sendXml(response, 'ListBucketResult', [
    element('Name', bucket),
    element('Prefix', shared.encode(shared.prefix)),
    ...optionalElement('Delimiter', shared.delimiter === '' ? undefined : shared.encode(shared.delimiter)),
    element('MaxKeys', shared.asked),
    ...optionalElement('EncodingType', query.get('encoding-type')),
    element('KeyCount', page.contents.length + page.commonPrefixes.length),
    element('IsTruncated', page.next !== undefined),
    ...optionalElement('ContinuationToken', token),
    ...optionalElement('NextContinuationToken', page.next === undefined ? undefined : encodeToken(page.next)),
    ...optionalElement('StartAfter', startAfter && shared.encode(startAfter)),
    ...page.contents.map(({ key, value }) =>
      contentsElement(shared.encode(key), value, withOwner ? [ownerElement(signature)] : []),
    ),
    ...prefixElements(page.commonPrefixes, shared.encode),
  ])
}

/** ListObjects, the first version. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export async function listObjectsV1({
  request,
  response,
  store,
  bucket,
  signature,
}: BucketCall): Promise<void> {
  const { query } = request
  const shared = readListParameters(query)
  const marker = query.get('marker') ?? ''
  const page = listKeys(store.bucket(bucket).objects, { ...shared, after: marker })
  sendXml(response, 'ListBucketResult', [
    element('Name', bucket),
    element('Prefix', shared.encode(shared.prefix)),
    element('Marker', shared.encode(marker)),
    ...optionalElement('NextMarker', page.next === undefined ? undefined : shared.encode(page.next)),
    ...optionalElement('Delimiter', shared.delimiter === '' ? undefined : shared.encode(shared.delimiter)),
    element('MaxKeys', shared.asked),
    ...optionalElement('EncodingType', query.get('encoding-type')),
    element('IsTruncated', page.next !== undefined),
    ...page.contents.map(({ key, value }) =>
      contentsElement(shared.encode(key), value, [ownerElement(signature)]),
    ),
    ...prefixElements(page.commonPrefixes, shared.encode),
  ])
}

interface ListParameters {
  readonly prefix: string
  readonly delimiter: string
  /** The page size as the client put it. */
  readonly asked: number
  readonly limit: number
  readonly encode: (text: string) => string
}

function readListParameters(query: S3Query): ListParameters {
  const encoding = query.get('encoding-type')
  if (encoding !== undefined && encoding !== 'url')
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request')
  const asked = readLimit(query, 'max-keys', MAX_KEYS)
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    asked,
    limit: Math.min(asked, MAX_KEYS),
    encode: encoding === 'url' ? formEncode : (text) => text,
  }
}

/** @returns the page size that the client asks for, which may be more than it will get */
export function readLimit(
  query: S3Query,
  name: 'max-keys' | 'max-parts' | 'max-uploads',
  usual: number,
): number {
  const text = query.get(name)
  if (text === undefined || text === '') return usual
  if (!/^\d{1,15}$/.test(text))
    throw new S3Error('InvalidArgument', `Argument ${name} must be an integer between 0 and 2147483647`, {
      details: { ArgumentName: name, ArgumentValue: text },
    })
  return Number(text)
}

function contentsElement(key: string, object: StoredObject, more: readonly XmlElement[]): XmlElement {
  return element('Contents', [
    element('Key', key),
    element('LastModified', new Date(object.modifiedMs).toISOString()),
    element('ETag', `"${object.etag}"`),
    element('Size', object.size),
    element('StorageClass', 'STANDARD'),
    ...more,
  ])
}

function prefixElements(prefixes: readonly string[], encode: (text: string) => string): XmlElement[] {
  return prefixes.map((prefix) => element('CommonPrefixes', [element('Prefix', encode(prefix))]))
}

function encodeToken(key: string): string {
  return Buffer.from(key).toString('base64url')
}

/** @throws S3Error InvalidArgument for what is no token of ours */
function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString()
  if (key === '' || encodeToken(key) !== token)
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect')
  return key
}
