import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { VerifiedSignature } from '../auth/verified-signature.ts'
import { hasBody, headerOf, type S3Request } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import { decodeAwsChunked } from './aws-chunked.ts'
import { checksumHeader, startChecksum, type ChecksumAlgorithm } from './checksum-algorithm.ts'
import { declaredDigests } from './declared-digests.ts'

/** What a body turned out to be, everything the client declared about it having been true. */
export interface BodySummary {
  /** Bytes, without any framing. */
  readonly size: number
  /** Hexadecimal, as in an ETag. */
  readonly md5: string
  readonly checksum: BodyChecksum | undefined
}

export interface BodyChecksum {
  readonly algorithm: ChecksumAlgorithm
  /** Base64. */
  readonly value: string
}

/** The forms of x-amz-content-sha256 that announce a chunked body. */
const STREAMING = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, hasTrailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, hasTrailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, hasTrailer: true },
} as const

function isStreaming(payloadHash: string): payloadHash is keyof typeof STREAMING {
  return Object.hasOwn(STREAMING, payloadHash)
}

export interface VerifiedBodyOptions {
  readonly request: S3Request
  readonly response: ServerResponse
  readonly signature: VerifiedSignature
  /** More than that is refused, by what is announced or by what comes. */
  readonly maxBytes: number
}

/**
 * Streams a request's body and checks what was declared about it: length, SHA-256 of the signature, MD5, checksum in a
 * header or trailer. The generator's data must not be published before it has returned its summary.
 *
 * @throws S3Error MissingContentLength, EntityTooLarge, IncompleteBody, ExcessData, BadDigest, XAmzContentSHA256Mismatch,
 * XAmzContentChecksumMismatch, and those of the framing
 */
export async function* verifiedBody(
  options: VerifiedBodyOptions,
): AsyncGenerator<Buffer, BodySummary, undefined> {
  const { request, response, maxBytes } = options
  const { payloadHash } = options.signature
  const digests = declaredDigests(request)
  const announced = announcedLength(request, isStreaming(payloadHash))
  if (announced > maxBytes) throw tooLarge(maxBytes)
  const trailers = new Map<string, string>()
  const data = openBody(options, trailers)
  // Only now does a client that sent `Expect: 100-continue` begin, so a refusal above costs it nothing
  if (headerOf(request, 'expect')?.toLowerCase() === '100-continue') response.writeContinue()

  const md5 = createHash('md5')
  const sha256 = /^[0-9a-f]{64}$/.test(payloadHash) ? createHash('sha256') : undefined
  const checksum = digests.checksum && startChecksum(digests.checksum.algorithm)
  let size = 0
  for await (const chunk of data) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    if (size > announced) throw new S3Error('ExcessData')
    md5.update(chunk)
    sha256?.update(chunk)
    checksum?.update(chunk)
    yield chunk
  }
  if (size !== announced) throw new S3Error('IncompleteBody')
  if (sha256 && sha256.digest('hex') !== payloadHash) throw new S3Error('XAmzContentSHA256Mismatch')
  const md5Digest = md5.digest()
  if (digests.md5 !== undefined && digests.md5 !== md5Digest.toString('base64'))
    throw new S3Error('BadDigest')
  const summary = { size, md5: md5Digest.toString('hex') }
  if (!checksum || !digests.checksum) return { ...summary, checksum: undefined }
  const { algorithm } = digests.checksum
  const name = checksumHeader(algorithm)
  const declared = digests.checksum.value ?? trailers.get(name)
  if (declared === undefined) throw new S3Error('MalformedTrailerError')
  const value = checksum.digest().toString('base64')
  if (value !== declared)
    throw new S3Error(
      'XAmzContentChecksumMismatch',
      `The ${algorithm} you specified did not match the calculated checksum.`,
    )
  return { ...summary, checksum: { algorithm, value } }
}

function tooLarge(maxBytes: number): S3Error {
  return new S3Error('EntityTooLarge', undefined, { details: { MaxSizeAllowed: String(maxBytes) } })
}

function openBody(options: VerifiedBodyOptions, trailers: Map<string, string>): AsyncIterable<Buffer> {
  const { request, signature } = options
  const { payloadHash } = signature
  const source = requestChunks(request)
  if (isStreaming(payloadHash)) {
    const { signed, hasTrailer } = STREAMING[payloadHash]
    return decodeAwsChunked(source, { seed: signed ? signature.seed : undefined, hasTrailer, trailers })
  }
  if (payloadHash !== 'UNSIGNED-PAYLOAD' && !/^[0-9a-f]{64}$/.test(payloadHash))
    throw new S3Error('XAmzContentSHA256Mismatch')
  return source
}

/** Leaving the loop early must not close the connection: an answer is still to be sent on it. */
async function* requestChunks(request: S3Request): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of request.message.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk))
      throw new TypeError('The body was given an encoding, so it is no bytes any more')
    yield chunk
  }
}

function announcedLength(request: S3Request, streaming: boolean): number {
  if (!hasBody(request)) return 0
  const text = headerOf(request, streaming ? 'x-amz-decoded-content-length' : 'content-length')
  if (text === undefined) throw new S3Error('MissingContentLength')
  const length = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(length))
    throw new S3Error('InvalidArgument', 'The length of the body is not valid.')
  return length
}
