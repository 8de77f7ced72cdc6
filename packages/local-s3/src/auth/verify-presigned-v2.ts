import { createHmac, timingSafeEqual } from 'node:crypto'
import type { S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import type { Credentials } from './credentials.ts'
import { headerValues } from './header-values.ts'
import type { VerifiedSignature } from './verified-signature.ts'

/** The parameters under a signature: in alphabetical order, and those that MinIO knows. */
const SIGNED_PARAMETERS = [
  'acl',
  'cors',
  'delete',
  'encryption',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'notification',
  'partNumber',
  'policy',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'retention',
  'select',
  'select-type',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
] as const

export function isPresignedV2(request: S3Request): boolean {
  return request.query.has('AWSAccessKeyId')
}

/**
 * Signature Version 2 in the query, as boto3 presigns where no version is configured. It covers no body, no host, and
 * of the parameters only some.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
 *
 * @param nowMs milliseconds since 1970
 * @throws S3Error AuthorizationQueryParametersError, InvalidAccessKeyId, AccessDenied (expired), SignatureDoesNotMatch
 */
export function verifyPresignedV2(
  request: S3Request,
  credentials: Credentials,
  nowMs: number,
): VerifiedSignature {
  const { query } = request
  const [accessKey, expires, signature] = ['AWSAccessKeyId', 'Expires', 'Signature'].map(
    (name) => query.get(name) ?? '',
  )
  if (!accessKey || !expires || !signature)
    throw malformed('Signature Version 2 requires AWSAccessKeyId, Expires and Signature')
  if (accessKey !== credentials.accessKey) throw new S3Error('InvalidAccessKeyId')
  if (!/^-?\d{1,15}$/.test(expires)) throw malformed('Expires must be a number')
  const expiresMs = Number(expires) * 1000
  // Through the whole of the second that it names
  if (nowMs >= expiresMs + 1000) {
    throw new S3Error('AccessDenied', 'Request has expired', {
      details: { Expires: expires, ServerTime: new Date(nowMs).toISOString() },
    })
  }
  const stringToSign = stringToSignOf(request, expires)
  const expected = createHmac('sha1', credentials.secretKey).update(stringToSign).digest()
  const given = Buffer.from(signature, 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error('SignatureDoesNotMatch', undefined, {
      details: { AWSAccessKeyId: accessKey, StringToSign: stringToSign, SignatureProvided: signature },
    })
  }
  return { accessKey, payloadHash: 'UNSIGNED-PAYLOAD', seed: undefined }
}

function malformed(what: string): S3Error {
  return new S3Error(
    'AuthorizationQueryParametersError',
    `Error parsing the authorization parameters; ${what}.`,
  )
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationStringToSign */
function stringToSignOf({ method, rawPath, query, message }: S3Request, expires: string): string {
  const headers = headerValues(message)
  const valueOf = (name: string): string => headers.get(name)?.join(',') ?? ''
  const amzHeaders = [...headers.keys()]
    .filter((name) => name.startsWith('x-amz-'))
    .toSorted()
    .map((name) => `${name}:${valueOf(name)}\n`)
  const parameters = SIGNED_PARAMETERS.filter((name) => query.has(name)).map((name) => {
    const value = query.get(name)
    return value ? `${name}=${value}` : name
  })
  const resource = parameters.length > 0 ? `${rawPath}?${parameters.join('&')}` : rawPath
  return [
    method,
    valueOf('content-md5'),
    valueOf('content-type'),
    expires,
    `${amzHeaders.join('')}${resource}`,
  ].join('\n')
}
