import { createHmac, timingSafeEqual } from 'node:crypto'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import { canonicalRequest } from './canonical-request.ts'
import type { Credentials } from './credentials.ts'
import { isPresignedV4, parseSignatureClaim, type SignatureClaim } from './signature-claim.ts'
import { deriveSigningKey, scopeText, sha256Hex } from './signing-key.ts'
import type { VerifiedSignature } from './verified-signature.ts'
import { isPresignedV2, verifyPresignedV2 } from './verify-presigned-v2.ts'

const MAX_CLOCK_SKEW_MS = 15 * 60_000

/**
 * Signature Version 4, in the header or in the query of a presigned URL, or Version 2 in the query.
 *
 * @param nowMs milliseconds since 1970
 * @throws S3Error AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch, RequestTimeTooSkewed, or the two for
 * malformed authorization
 */
export function verifySignature(
  request: S3Request,
  credentials: Credentials,
  nowMs: number,
): VerifiedSignature {
  const isInHeader = headerOf(request, 'authorization') !== undefined
  if (isInHeader && (isPresignedV2(request) || isPresignedV4(request)))
    throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed')
  return isPresignedV2(request)
    ? verifyPresignedV2(request, credentials, nowMs)
    : verifyV4(request, credentials, nowMs)
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function verifyV4(request: S3Request, credentials: Credentials, nowMs: number): VerifiedSignature {
  const claim = parseSignatureClaim(request)
  checkScope(claim, credentials)
  checkTime(claim, nowMs)
  checkSignedHeaders(request, claim)
  const canonical = canonicalRequest(request, claim.signedHeaders, claim.payloadHash)
  const scope = scopeText(claim.scope)
  const stringToSign = ['AWS4-HMAC-SHA256', claim.timestamp, scope, sha256Hex(canonical)].join('\n')
  const signingKey = deriveSigningKey(credentials.secretKey, claim.scope)
  const expected = createHmac('sha256', signingKey).update(stringToSign).digest()
  const given = Buffer.from(claim.signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error('SignatureDoesNotMatch', undefined, {
      details: {
        AWSAccessKeyId: claim.accessKey,
        StringToSign: stringToSign,
        SignatureProvided: claim.signature,
        CanonicalRequest: canonical,
      },
    })
  }
  return {
    accessKey: claim.accessKey,
    payloadHash: claim.payloadHash,
    seed: { signingKey, timestamp: claim.timestamp, scope, signature: claim.signature },
  }
}

function checkScope(claim: SignatureClaim, credentials: Credentials): void {
  if (claim.accessKey !== credentials.accessKey) throw new S3Error('InvalidAccessKeyId')
  const { region } = credentials
  if (region !== undefined && claim.scope.region !== region) {
    throw new S3Error(
      'AuthorizationHeaderMalformed',
      `The authorization is malformed; the region '${claim.scope.region}' is wrong; expecting '${region}'`,
      { details: { Region: region } },
    )
  }
}

function checkTime(claim: SignatureClaim, nowMs: number): void {
  const serverTime = new Date(nowMs).toISOString()
  if (claim.expiresSeconds !== undefined) {
    const expiresMs = claim.signedAtMs + claim.expiresSeconds * 1000
    if (nowMs > expiresMs) {
      throw new S3Error('AccessDenied', 'Request has expired', {
        details: { Expires: new Date(expiresMs).toISOString(), ServerTime: serverTime },
      })
    }
    if (claim.signedAtMs > nowMs + MAX_CLOCK_SKEW_MS)
      throw new S3Error('AccessDenied', 'Request is not yet valid', { details: { ServerTime: serverTime } })
    return
  }
  if (Math.abs(nowMs - claim.signedAtMs) > MAX_CLOCK_SKEW_MS) {
    throw new S3Error('RequestTimeTooSkewed', undefined, {
      details: {
        RequestTime: claim.timestamp,
        ServerTime: serverTime,
        MaxAllowedSkewMilliseconds: String(MAX_CLOCK_SKEW_MS),
      },
    })
  }
}

/** Their values are under every signature, as parts of the string to sign and of the canonical request. */
const IMPLIED: ReadonlySet<string> = new Set(['x-amz-date', 'x-amz-content-sha256'])

/** Everything that could change what the request means must be under the signature. */
function checkSignedHeaders(request: S3Request, claim: SignatureClaim): void {
  const signed = new Set(claim.signedHeaders)
  const { headers } = request.message
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && !signed.has(name) && !IMPLIED.has(name),
  )
  if (!signed.has('host')) unsigned.push('host')
  const absent = claim.signedHeaders.filter((name) => headers[name] === undefined)
  if (unsigned.length > 0 || absent.length > 0) {
    throw new S3Error('AccessDenied', 'The headers of the request are not the ones that were signed.', {
      status: 400,
      details: { HeadersNotSigned: [...unsigned, ...absent].join(', ') },
    })
  }
}
