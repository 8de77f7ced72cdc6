import { createReadStream } from 'node:fs'
import { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { StorageTarget } from '../request/recording-plan.ts'

/** Files up to this size go up in one request; larger ones in parts of it. */
const PART_BYTES = 8 * 1024 * 1024
const PARTS_AT_ONCE = 2
const CONNECT_TIMEOUT_MS = 5000
/** Without a byte for this long a request counts as lost. */
const IDLE_TIMEOUT_MS = 60_000

export type BucketContent = { path: string } | { text: string }

/** The bucket a recording goes to. Close it to free its connections. */
export class Bucket {
  readonly #client: S3Client
  readonly #target: StorageTarget

  constructor(target: StorageTarget) {
    this.#target = target
    const { accessKey, secretKey, sessionToken } = target
    this.#client = new S3Client({
      region: target.region || 'us-east-1',
      ...(target.endpoint === '' ? {} : { endpoint: withScheme(target.endpoint) }),
      forcePathStyle: target.forcePathStyle,
      // Older S3-compatible stores know no checksum trailers
      requestChecksumCalculation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
      ...(accessKey === ''
        ? {}
        : {
            credentials: {
              accessKeyId: accessKey,
              secretAccessKey: secretKey,
              ...(sessionToken === '' ? {} : { sessionToken }),
            },
          }),
    })
  }

  /**
   * Stores an object whole or not at all: large files go up in parts that are only joined at the end.
   *
   * @throws the SDK's error, after its own three attempts per request
   */
  async put(key: string, content: BucketContent, contentType: string, signal: AbortSignal): Promise<void> {
    const { bucket, metadata, tagging, contentDisposition } = this.#target
    const body = 'path' in content ? createReadStream(content.path) : Buffer.from(content.text)
    const upload = new Upload({
      client: this.#client,
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      params: {
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        Metadata: metadata,
        ...(tagging === '' ? {} : { Tagging: tagging }),
        ...(contentDisposition === '' ? {} : { ContentDisposition: contentDisposition }),
      },
    })
    const abort = () => void upload.abort()
    signal.addEventListener('abort', abort, { once: true })
    try {
      await upload.done()
    } finally {
      signal.removeEventListener('abort', abort)
      if (!Buffer.isBuffer(body)) body.destroy()
    }
  }

  /** The URL that EgressInfo names as location. */
  locationOf(key: string): string {
    const { endpoint, bucket, forcePathStyle } = this.#target
    const path = key.split('/').map(encodeURIComponent).join('/')
    if (endpoint === '') return `https://${bucket}.s3.amazonaws.com/${path}`
    const base = new URL(withScheme(endpoint))
    if (forcePathStyle) return `${base.origin}/${bucket}/${path}`
    return `${base.protocol}//${bucket}.${base.host}/${path}`
  }

  close(): void {
    this.#client.destroy()
  }
}

function withScheme(endpoint: string): string {
  return /^https?:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`
}

/**
 * True if the store has understood the request and won't have it: wrong keys, no right, no such bucket.
 * Trying again helps only if somebody changes something.
 */
export function isRejection(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) return false
  const { $metadata: metadata } = error
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return false
  const status = metadata.httpStatusCode
  return status === 400 || status === 401 || status === 403 || status === 404
}
