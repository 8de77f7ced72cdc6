import { z } from 'zod'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import type { CredentialScope } from './signing-key.ts'

const ALGORITHM = 'AWS4-HMAC-SHA256'
/** A week. */
const MAX_EXPIRES_SECONDS = 604_800

/** What a request says about its own signature, in form but not yet in truth. */
export interface SignatureClaim {
  readonly accessKey: string
  readonly scope: CredentialScope
  /** As sent: YYYYMMDDTHHMMSSZ */
  readonly timestamp: string
  readonly signedAtMs: number
  /** Lower case, as listed by the client. */
  readonly signedHeaders: readonly string[]
  /** Hexadecimal, if it is one. */
  readonly signature: string
  /** The value of x-amz-content-sha256, or what stands for it. */
  readonly payloadHash: string
  /** Seconds a presigned URL lives; absent for a signature in the header. */
  readonly expiresSeconds: number | undefined
}

const SIGNATURE = z.string().min(1)
const SIGNED_HEADERS = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]+(;[a-z0-9!#$%&'*+.^_`|~-]+)*$/)

/**
 * Reads the Authorization header, or the X-Amz-* parameters of a presigned URL.
 *
 * @throws S3Error AccessDenied for an anonymous request, NotImplemented for an HTML form, AuthorizationHeaderMalformed or
 * AuthorizationQueryParametersError for one that is not well-formed, SignatureDoesNotMatch
 */
export function parseSignatureClaim(request: S3Request): SignatureClaim {
  if (isPresignedV4(request)) return claimOfQuery(request)
  const authorization = headerOf(request, 'authorization')
  if (authorization !== undefined) return claimOfHeader(request, authorization)
  if (isForm(request))
    throw new S3Error('NotImplemented', 'Forms, which carry their signature in a field, are not supported.')
  throw new S3Error('AccessDenied')
}

export function isPresignedV4({ query }: S3Request): boolean {
  return query.has('X-Amz-Signature') || query.has('X-Amz-Algorithm')
}

/** An upload by an HTML form. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html */
function isForm(request: S3Request): boolean {
  const type = headerOf(request, 'content-type') ?? ''
  return request.method === 'POST' && /^multipart\/form-data\s*(;|$)/i.test(type)
}

function claimOfHeader(request: S3Request, authorization: string): SignatureClaim {
  const malformed = (what: string): S3Error =>
    new S3Error('AuthorizationHeaderMalformed', `The authorization header is malformed; ${what}.`)
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    if (authorization.startsWith('AWS4-')) throw malformed(`the algorithm must be ${ALGORITHM}`)
    throw new S3Error('InvalidRequest', `The authorization mechanism is not supported. Use ${ALGORITHM}.`)
  }
  const fields = new Map<string, string>()
  for (const field of authorization.slice(ALGORITHM.length + 1).split(',')) {
    const cut = field.indexOf('=')
    if (cut < 0) throw malformed('a field has no value')
    const name = field.slice(0, cut).trim()
    if (fields.has(name)) throw malformed(`${name} is there twice`)
    fields.set(name, field.slice(cut + 1).trim())
  }
  const timestamp = headerOf(request, 'x-amz-date')
  if (timestamp === undefined)
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid x-amz-date header')
  const payloadHash = headerOf(request, 'x-amz-content-sha256')
  if (payloadHash === undefined)
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  return {
    ...claimOfFields(
      fields.get('Credential'),
      timestamp,
      fields.get('SignedHeaders'),
      fields.get('Signature'),
      malformed,
    ),
    payloadHash,
    expiresSeconds: undefined,
  }
}

function claimOfQuery(request: S3Request): SignatureClaim {
  const { query } = request
  const malformed = (what: string): S3Error =>
    new S3Error('AuthorizationQueryParametersError', `Error parsing the authorization parameters; ${what}.`)
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) throw malformed(`X-Amz-Algorithm must be ${ALGORITHM}`)
  const expires = query.get('X-Amz-Expires') ?? ''
  if (!/^-?\d{1,10}$/.test(expires)) throw malformed('X-Amz-Expires must be a number')
  const expiresSeconds = Number(expires)
  if (expiresSeconds < 0) throw malformed('X-Amz-Expires must not be negative')
  if (expiresSeconds > MAX_EXPIRES_SECONDS)
    throw malformed(`X-Amz-Expires must be at most a week, that is ${MAX_EXPIRES_SECONDS} seconds`)
  return {
    ...claimOfFields(
      query.get('X-Amz-Credential'),
      query.get('X-Amz-Date'),
      query.get('X-Amz-SignedHeaders'),
      query.get('X-Amz-Signature'),
      malformed,
    ),
    payloadHash:
      query.get('X-Amz-Content-Sha256') ?? headerOf(request, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
    expiresSeconds,
  }
}

function claimOfFields(
  credential: string | undefined,
  timestamp: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
  malformed: (what: string) => S3Error,
): Omit<SignatureClaim, 'payloadHash' | 'expiresSeconds'> {
  // The access key itself may hold slashes; the four fields behind it may not
  const parts = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(credential ?? '')
  if (!parts)
    throw malformed('the credential must be of the form <access key>/YYYYMMDD/<region>/s3/aws4_request')
  const [, accessKey = '', date = '', region = '', service = '', terminator = ''] = parts
  if (service !== 's3' || terminator !== 'aws4_request')
    throw malformed('the credential must end with /s3/aws4_request')
  const headers = SIGNED_HEADERS.safeParse(signedHeaders)
  if (!headers.success) throw malformed('SignedHeaders must list lower-case header names')
  const hex = SIGNATURE.safeParse(signature)
  if (!hex.success) throw malformed('Signature is missing')
  const signedAtMs = parseTimestamp(timestamp ?? '')
  if (signedAtMs === undefined || timestamp === undefined)
    throw malformed('the date must be of the form YYYYMMDDTHHMMSSZ')
  if (!timestamp.startsWith(date))
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The date of the credential is another than that of the request.',
    )
  return {
    accessKey,
    scope: { date, region },
    timestamp,
    signedAtMs,
    signedHeaders: headers.data.split(';'),
    signature: hex.data,
  }
}

/** The short ISO 8601 form that AWS uses, in milliseconds since 1970; undefined if it is another. */
function parseTimestamp(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}
