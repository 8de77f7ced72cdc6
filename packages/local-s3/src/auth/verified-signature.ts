/** A request that was proven to come from the holder of the secret. */
export interface VerifiedSignature {
  readonly accessKey: string
  /** SHA-256 of the body in hexadecimal, or one of `UNSIGNED-PAYLOAD` and `STREAMING-…`. */
  readonly payloadHash: string
  /** What the signatures of aws-chunked chunks build on; absent for Version 2, which leaves bodies unsigned. */
  readonly seed: ChunkSeed | undefined
}

export interface ChunkSeed {
  readonly signingKey: Buffer
  readonly timestamp: string
  /** `YYYYMMDD/region/s3/aws4_request` */
  readonly scope: string
  /** Signature of the request itself, in hexadecimal. */
  readonly signature: string
}
