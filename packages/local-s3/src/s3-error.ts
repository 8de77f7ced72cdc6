/**
 * Every error this endpoint answers: S3's code, its HTTP status, and the message when none more exact is given.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const ERRORS = {
  AccessDenied: [403, 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'The authorization header that you provided is not valid.'],
  AuthorizationQueryParametersError: [
    400,
    'The authorization query parameters that you provided are not valid.',
  ],
  BadDigest: [400, 'The Content-MD5 that you specified did not match what the server received.'],
  BadRequest: [400, 'The server cannot do what was asked for with this method.'],
  BucketAlreadyOwnedByYou: [409, 'The bucket exists already, and it is yours.'],
  BucketNotEmpty: [409, 'The bucket that you tried to delete is not empty.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed object size.'],
  ExcessData: [400, 'There is more data than the request announced.'],
  IncompleteBody: [
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  ],
  // Not a code of AWS, whose disks are never full. 507 is what RFC 4918 section 11.5 has for it
  InsufficientStorage: [507, 'The disk that holds the objects is full.'],
  InternalError: [500, 'An internal error occurred. Try again.'],
  InvalidAccessKeyId: [403, 'The AWS access key ID that you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 or checksum value that you specified is not valid.'],
  InvalidPart: [
    400,
    'One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part’s entity tag.',
  ],
  InvalidPartOrder: [
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
  ],
  InvalidPartNumber: [416, 'The requested partnumber is not satisfiable'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidStorageClass: [400, 'The storage class is not valid.'],
  InvalidURI: [400, 'The specified URI couldn’t be parsed.'],
  KeyTooLongError: [400, 'Your key is too long.'],
  MalformedTrailerError: [
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  ],
  MalformedXML: [
    400,
    'The XML that you provided was not well formed or did not validate against our published schema.',
  ],
  MaxMessageLengthExceeded: [400, 'Your request was too large.'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size.'],
  MissingContentMD5: [400, 'The request must carry a Content-MD5 or a checksum of its body.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchCORSConfiguration: [404, 'The CORS configuration does not exist.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [
    404,
    'The specified multipart upload does not exist. The upload ID might not be valid, or the multipart upload might have been aborted or completed.',
  ],
  NotImplemented: [501, 'A header or query you provided implies functionality that is not implemented.'],
  PreconditionFailed: [412, 'At least one of the preconditions that you specified did not hold.'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the server’s time is too large.'],
  ServiceUnavailable: [503, 'Service is unable to handle the request.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature that we calculated does not match the signature that you provided. Check your secret access key and signing method.',
  ],
  TooManyBuckets: [400, 'You have attempted to create more buckets than allowed.'],
  XAmzContentChecksumMismatch: [
    400,
    'The checksum that you specified did not match what the server received.',
  ],
  XAmzContentSHA256Mismatch: [
    400,
    'The provided x-amz-content-sha256 header does not match what was computed.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type S3ErrorCode = keyof typeof ERRORS

export interface S3ErrorExtras {
  /** More elements of the XML body, such as `BucketName`. */
  readonly details?: Readonly<Record<string, string>>
  /** Where it is another than the usual one of the code. */
  readonly status?: number
  /** More headers of the response. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** What a caller did wrong, or what we cannot do, in S3's words. Everything else that is thrown is our fault. */
export class S3Error extends Error {
  override readonly name = 'S3Error'
  readonly code: S3ErrorCode
  /** HTTP status. */
  readonly status: number
  readonly details: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>

  constructor(code: S3ErrorCode, message?: string, extras: S3ErrorExtras = {}) {
    const [status, usual] = ERRORS[code]
    super(message ?? usual, extras.cause === undefined ? undefined : { cause: extras.cause })
    this.code = code
    this.status = extras.status ?? status
    this.details = extras.details ?? {}
    this.headers = extras.headers ?? {}
  }

  /** The one way from anything thrown to an S3 error; what is none of ours becomes an InternalError. */
  static from(thrown: unknown): S3Error {
    if (thrown instanceof S3Error) return thrown
    const code = errnoOf(thrown)
    if (code === 'ENOSPC' || code === 'EDQUOT')
      return new S3Error('InsufficientStorage', undefined, { cause: thrown })
    if (code === 'EMFILE' || code === 'ENFILE')
      return new S3Error('ServiceUnavailable', undefined, { cause: thrown })
    return new S3Error('InternalError', undefined, { cause: thrown })
  }
}

/** The system's error code (`ENOENT`), if what was thrown carries one. */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}
