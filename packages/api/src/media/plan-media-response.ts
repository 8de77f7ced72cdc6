import type { ObjectHead } from '../storage/object-store.ts'
import { attachmentNamed } from './content-disposition.ts'
import { type ByteRange, byteRange } from './byte-range.ts'

export interface MediaRequest {
  readonly method: 'GET' | 'HEAD'
  /** What a download is saved as. */
  readonly fileName: string
  readonly contentType: string
  readonly download: boolean
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
}

export interface MediaResponse {
  readonly status: 200 | 206 | 304 | 412 | 416
  readonly headers: Readonly<Record<string, string>>
  /** Which bytes to send: a range, all of them, or none. */
  readonly body: ByteRange | 'whole' | 'none'
}

/**
 * Decides how a request for a file is answered, by RFC 9110: preconditions in the order of section 13.2.2, then
 * If-Range (13.1.5) and Range (14.2). Pure.
 */
export function planMediaResponse(
  request: MediaRequest,
  file: ObjectHead,
  portionBytes: number,
): MediaResponse {
  const lastModified = file.lastModified.toUTCString()
  const validators = {
    etag: file.etag,
    'last-modified': lastModified,
    // Whoever had access may lose it: what is kept must be asked for again, and no shared cache may keep it
    'cache-control': 'private, no-cache',
  }
  const precondition = evaluatePreconditions(request, file)
  if (precondition) return { status: precondition, headers: validators, body: 'none' }

  const headers = {
    ...validators,
    'accept-ranges': 'bytes',
    'content-type': request.contentType,
    'content-disposition': request.download ? attachmentNamed(request.fileName) : 'inline',
  }
  // Range is defined for GET alone
  const rangeHeader =
    request.method === 'GET' && isRangeWanted(request, file) ? request.headers['range'] : undefined
  const range = byteRange(rangeHeader, file.size, portionBytes)
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { ...validators, 'content-range': `bytes */${file.size}` }, body: 'none' }
  }
  if (range === 'whole') {
    const body = request.method === 'HEAD' ? 'none' : 'whole'
    return { status: 200, headers: { ...headers, 'content-length': String(file.size) }, body }
  }
  return {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${range.start}-${range.end}/${file.size}`,
      'content-length': String(range.end - range.start + 1),
    },
    body: range,
  }
}

function evaluatePreconditions({ headers }: MediaRequest, file: ObjectHead): 304 | 412 | undefined {
  const ifMatch = headers['if-match']
  if (ifMatch !== undefined) {
    if (!listsEtag(ifMatch, file.etag, 'strong')) return 412
  } else if (isModifiedSince(headers['if-unmodified-since'], file.lastModified) === true) {
    return 412
  }
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined) {
    if (listsEtag(ifNoneMatch, file.etag, 'weak')) return 304
  } else if (isModifiedSince(headers['if-modified-since'], file.lastModified) === false) {
    return 304
  }
  return undefined
}

/** Whether If-Range allows a part: it names the file as it is, by a strong ETag or its exact date. */
function isRangeWanted({ headers }: MediaRequest, file: ObjectHead): boolean {
  const ifRange = headers['if-range']
  if (ifRange === undefined) return true
  if (ifRange.includes('"')) return listsEtag(ifRange, file.etag, 'strong')
  return Date.parse(ifRange) === wholeSeconds(file.lastModified)
}

/** RFC 9110, section 8.8.3.2: the weak comparison leaves `W/` out of account, the strong one refuses it. */
function listsEtag(header: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (header.trim() === '*') return true
  const opaque = (tag: string) => tag.replace(/^W\//, '')
  const isUsable = (tag: string) => comparison === 'weak' || !tag.startsWith('W/')
  const listed = header.match(/(?:W\/)?"[^"]*"/g) ?? []
  return isUsable(etag) && listed.some((tag) => isUsable(tag) && opaque(tag) === opaque(etag))
}

/** @returns undefined when there is no such header, or it is no date: then it does not count */
function isModifiedSince(header: string | undefined, lastModified: Date): boolean | undefined {
  const since = header === undefined ? Number.NaN : Date.parse(header)
  return Number.isNaN(since) ? undefined : wholeSeconds(lastModified) > since
}

/** HTTP dates have no fractions. */
const wholeSeconds = (date: Date) => Math.floor(date.getTime() / 1000) * 1000
