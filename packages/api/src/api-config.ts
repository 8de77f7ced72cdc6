import type { PlaybackStrategy } from '@roomreel/contracts'

/** Everything the api needs to know about the outside, parsed and checked by whoever starts it. */
export interface ApiConfig {
  /** Written as `createdBy` into room metadata; the same on all replicas. */
  readonly appName: string
  readonly livekit: {
    /** HTTP(S) or WS(S) URL for this server's own calls. */
    readonly url: string
    /** WS(S) URL for browsers. */
    readonly publicUrl: string
    readonly apiKey: string
    readonly apiSecret: string
  }
  readonly s3: {
    readonly endpoint: string
    /** Where a browser reaches the same S3. */
    readonly publicEndpoint: string
    readonly region: string
    readonly bucket: string
    readonly accessKey: string
    readonly secretKey: string
  }
  /** Key prefix of all recordings, with a slash at the end. */
  readonly recordingsPath: string
  readonly playbackStrategy: PlaybackStrategy
  /** Seconds that a presigned URL or a ticket works; players renew theirs. */
  readonly playbackUrlSeconds: number
  /** Most bytes that an open-ended Range is answered with. */
  readonly filePortionSizeBytes: number
  /** Whether the Egress service knows its bucket itself, or each start carries the upload settings. */
  readonly egressS3Upload: 'server' | 'request'
  readonly adminPassword: string
  /** Keys of sessions, media tickets and share links are derived from it. */
  readonly sessionSecret: string
}
