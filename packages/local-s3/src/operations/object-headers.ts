import { checksumHeader } from '../body/checksum-algorithm.ts'
import { encodeWord } from '../http/encode-word.ts'
import { headerOf, utf8Of, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import type { ObjectHeaders, StoredObject } from '../store/stored-object.ts'

/** Headers of a write that come back with each read. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const

const METADATA_PREFIX = 'x-amz-meta-'
/** Names, prefix included, and values together. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const MAX_METADATA_BYTES = 2048

/** What was asked for that we would have to pretend: better an error than bytes less protected than the client thinks. */
const UNSUPPORTED = [
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-legal-hold',
] as const

/** Taken, though what is stored is the same for both. */
const STORAGE_CLASSES: ReadonlySet<string> = new Set(['STANDARD', 'REDUCED_REDUNDANCY'])

/**
 * Reads what a write says about its object.
 *
 * @throws S3Error MetadataTooLarge, NotImplemented, InvalidStorageClass
 */
export function readObjectHeaders(request: S3Request): ObjectHeaders {
  const unsupported = UNSUPPORTED.find((name) => headerOf(request, name) !== undefined)
  if (unsupported !== undefined)
    throw new S3Error('NotImplemented', undefined, { details: { Header: unsupported } })
  const storageClass = headerOf(request, 'x-amz-storage-class')
  if (storageClass !== undefined && !STORAGE_CLASSES.has(storageClass))
    throw new S3Error('InvalidStorageClass')
  const headers: Record<string, string> = {}
  for (const name of KEPT) {
    const value = name === 'content-encoding' ? contentEncoding(request) : headerOf(request, name)
    if (value !== undefined) headers[name] = value
  }
  return {
    contentType: headerOf(request, 'content-type') ?? 'binary/octet-stream',
    headers,
    metadata: readMetadata(request),
  }
}

/** Without `aws-chunked`, which is about the way here and not about the object. */
function contentEncoding(request: S3Request): string | undefined {
  const encodings = (headerOf(request, 'content-encoding') ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'aws-chunked')
  return encodings.length > 0 ? encodings.join(',') : undefined
}

function readMetadata(request: S3Request): Record<string, string> {
  const entries = [
    ...Object.keys(request.message.headers).map(
      (name) => [name, utf8Of(headerOf(request, name) ?? '')] as const,
    ),
    // A presigned URL carries as parameters what would have been headers
    ...request.query.pairs.map(([name, value]) => [name.toLowerCase(), value] as const),
  ]
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), encodeWord(value)] as const)
  const bytes = entries.reduce(
    (sum, [name, value]) => sum + METADATA_PREFIX.length + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', undefined, {
      details: { Size: String(bytes), MaxSizeAllowed: String(MAX_METADATA_BYTES) },
    })
  }
  return Object.fromEntries(entries)
}

/** The headers with which a write that makes an object is answered. */
export function writtenHeaders({ etag, checksum }: StoredObject): Record<string, string> {
  return {
    etag: `"${etag}"`,
    ...(checksum && {
      [checksumHeader(checksum.algorithm)]: checksum.value,
      'x-amz-checksum-type': checksum.type,
    }),
  }
}

/** The headers that describe an object in an answer, its length aside. */
export function describeObject(object: StoredObject): Record<string, string> {
  const described: Record<string, string> = {
    'content-type': object.contentType,
    ...object.headers,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedMs).toUTCString(),
  }
  for (const [name, value] of Object.entries(object.metadata)) described[METADATA_PREFIX + name] = value
  return described
}

const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
] as const

/**
 * The `response-*` parameters, by which a presigned URL says how its answer is to be labelled.
 *
 * @throws S3Error InvalidArgument for what no header can carry
 */
export function responseOverrides(request: S3Request): Record<string, string> {
  const overrides: Record<string, string> = {}
  for (const name of OVERRIDES) {
    const value = request.query.get(`response-${name}`)
    if (value === undefined) continue
    if (!/^[\t\u0020-\u007e\u00a0-\u00ff]*$/.test(value))
      throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
        details: { ArgumentName: `response-${name}` },
      })
    overrides[name] = value
  }
  return overrides
}
