import { headerOf, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import type { StoredObject } from '../store/stored-object.ts'

/** The names of the four precondition headers; those of a copy's source have a prefix. */
type Prefix = '' | 'x-amz-copy-source-'

/**
 * Whether a read may go ahead, in the order of RFC 9110 section 13.2.2.
 *
 * @throws S3Error PreconditionFailed
 */
export function checkReadPreconditions(
  request: S3Request,
  object: StoredObject,
  prefix: Prefix = '',
): 'proceed' | 'not-modified' {
  const ifMatch = conditionOf(request, `${prefix}if-match`)
  const unmodifiedSince = parseHttpDate(headerOf(request, `${prefix}if-unmodified-since`))
  if (ifMatch !== undefined) {
    if (!etagMatches(ifMatch, object.etag)) throw failed('If-Match', object)
  } else if (unmodifiedSince !== undefined && wholeSeconds(object.modifiedMs) > unmodifiedSince)
    throw failed('If-Unmodified-Since', object)
  const ifNoneMatch = conditionOf(request, `${prefix}if-none-match`)
  const modifiedSince = parseHttpDate(headerOf(request, `${prefix}if-modified-since`))
  if (ifNoneMatch !== undefined) return etagMatches(ifNoneMatch, object.etag) ? 'not-modified' : 'proceed'
  if (modifiedSince !== undefined && wholeSeconds(object.modifiedMs) <= modifiedSince) return 'not-modified'
  return 'proceed'
}

/** RFC 9110 section 13.1.5: a range counts only for the version that the client knows. */
export function ifRangeHolds(request: S3Request, object: StoredObject): boolean {
  const condition = headerOf(request, 'if-range')
  if (condition === undefined) return true
  if (condition.startsWith('"')) return condition === `"${object.etag}"`
  return parseHttpDate(condition) === wholeSeconds(object.modifiedMs)
}

/**
 * Whether a write may go ahead, given what is under the key now.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @throws S3Error PreconditionFailed, NoSuchKey (If-Match on nothing)
 */
export function checkWritePreconditions(request: S3Request, current: StoredObject | undefined): void {
  const ifNoneMatch = conditionOf(request, 'if-none-match')
  const ifMatch = conditionOf(request, 'if-match')
  if (ifMatch !== undefined) {
    if (!current) throw new S3Error('NoSuchKey')
    if (!etagMatches(ifMatch, current.etag)) throw failed('If-Match', current)
  }
  if (ifNoneMatch !== undefined && current && etagMatches(ifNoneMatch, current.etag))
    throw failed('If-None-Match', current)
}

/** Against one entity tag, with or without its quotes, or `*`. Lists and weak tags match nothing, as in MinIO. */
export function etagMatches(condition: string, etag: string): boolean {
  const tag = condition.trim()
  return tag === '*' || tag.replace(/^"(.*)"$/, '$1') === etag
}

/** An empty header is as good as none. */
function conditionOf(request: S3Request, name: string): string | undefined {
  const value = headerOf(request, name)
  return value === '' ? undefined : value
}

/** Milliseconds; undefined for what is no date, which RFC 9110 section 13.1.3 says to ignore. */
function parseHttpDate(text: string | undefined): number | undefined {
  // The one form that is still sent (RFC 9110 section 5.6.7)
  const isHttpDate = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text ?? '')
  const time = isHttpDate ? Date.parse(text ?? '') : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** An HTTP date has no fractions of a second. */
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

function failed(condition: string, object: StoredObject): S3Error {
  return new S3Error('PreconditionFailed', undefined, {
    details: { Condition: condition },
    headers: { etag: `"${object.etag}"`, 'last-modified': new Date(object.modifiedMs).toUTCString() },
  })
}
