import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { ApiConfig } from '../api-config.ts'

/** ms until a connection stands; of a call that has to wait for a free one, also until it has one. */
const CONNECTION_MS = 3_000
/** ms that S3 may be silent before its answer begins, or in the middle of what somebody wants to read on. */
export const SILENCE_MS = 15_000
/** Most calls at once; more than that wait, and no longer than CONNECTION_MS. */
const MAX_CALLS = 200

/** One client for each way in which S3 is used: none stands in another's way. */
export interface S3Clients {
  /** For calls: what they ask for is read at once. */
  readonly calls: S3Client
  /** For files that somebody watches: as many at once as there are players, and as slowly as they like. */
  readonly media: S3Client
  /** Signs for the host that browsers use: signatures cover it. */
  readonly browsers: S3Client
  destroy(): void
}

export function createS3Clients(config: ApiConfig['s3']): S3Clients {
  const create = (endpoint: string, requestHandler: S3ClientConfig['requestHandler']) =>
    new S3Client({
      endpoint,
      region: config.region,
      forcePathStyle: true,
      credentials: { accessKeyId: config.accessKey, secretAccessKey: config.secretKey },
      requestHandler: requestHandler ?? {},
      maxAttempts: 2,
      // Checked here, a file that is played would be read in JavaScript once more, and its parts carry no checksum
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
  const calls = create(config.endpoint, {
    connectionTimeout: CONNECTION_MS,
    socketTimeout: SILENCE_MS,
    httpAgent: { maxSockets: MAX_CALLS },
    httpsAgent: { maxSockets: MAX_CALLS },
  })
  const media = create(config.endpoint, {
    connectionTimeout: CONNECTION_MS,
    // Until the answer begins. Then a player may pause: see `endWhenSilent`
    requestTimeout: SILENCE_MS,
    throwOnRequestTimeout: true,
    socketTimeout: 0,
    // One for each player; how many those are is limited by the connections that the server takes
    httpAgent: { maxSockets: Number.POSITIVE_INFINITY },
    httpsAgent: { maxSockets: Number.POSITIVE_INFINITY },
  })
  const browsers = create(config.publicEndpoint, undefined)
  return {
    calls,
    media,
    browsers,
    destroy() {
      calls.destroy()
      media.destroy()
      browsers.destroy()
    },
  }
}
