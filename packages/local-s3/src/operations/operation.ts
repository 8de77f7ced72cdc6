import type { ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { VerifiedSignature } from '../auth/verified-signature.ts'
import type { S3Request } from '../http/s3-request.ts'
import type { Store } from '../store/store.ts'

/** An authenticated request and what it takes to answer it. */
export interface Call {
  readonly request: S3Request
  readonly response: ServerResponse
  readonly signature: VerifiedSignature
  readonly store: Store
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface BucketCall extends Call {
  /** Well-formed, though it need not exist. */
  readonly bucket: string
}

export interface ObjectCall extends BucketCall {
  readonly key: string
}

/** Answers the request, or throws an S3Error before having begun to. */
export type Operation<C extends Call> = (call: C) => Promise<void>
