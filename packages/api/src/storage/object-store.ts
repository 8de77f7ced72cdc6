import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { AppError } from '../app-error.ts'
import { measured, type Metrics } from '../metrics/metrics.ts'
import type { ApiConfig } from '../api-config.ts'
import { endWhenSilent } from './end-when-silent.ts'
import { createRecent } from './recent.ts'
import { createS3Clients, SILENCE_MS } from './s3-clients.ts'
import { createSignedReader } from './signed-reader.ts'

/** A text object with the ETag that a conditional write needs. */
export interface StoredText {
  readonly text: string
  readonly etag: string
}

export interface ListedObject {
  readonly key: string
  readonly etag: string
  /** Bytes. */
  readonly size: number
  readonly lastModified: Date
}

export interface ListOptions {
  /** Only keys after this one, in key order. */
  readonly startAfter?: string
  /** Whether objects in folders below the prefix are left out. */
  readonly isFlat?: boolean
}

/** What a small object is written as. */
export interface PutOptions {
  readonly contentType: string
  readonly condition?: WriteCondition
}

export interface ObjectHead {
  /** Bytes. */
  readonly size: number
  /** With its quotes, as in HTTP. */
  readonly etag: string
  readonly lastModified: Date
}

export interface PresignOptions {
  readonly expiresInSeconds: number
  readonly contentType: string
  readonly contentDisposition?: string
}

/** What must hold for a write to happen: the key is not there yet, or is still the version that was read. */
export type WriteCondition = { readonly ifNew: true } | { readonly ifMatch: string }

/**
 * The bucket, as far as this product uses it. Every method throws AppError SERVICE_UNAVAILABLE when S3 does not
 * answer or refuses us.
 */
export interface ObjectStore {
  /** @returns undefined when there is no such object */
  getText(key: string): Promise<StoredText | undefined>
  /** @returns the new ETag, or undefined when the condition did not hold: somebody else was there first */
  putJson(key: string, value: unknown, condition?: WriteCondition): Promise<string | undefined>
  /** @returns undefined when there is no such object */
  getBytes(key: string): Promise<{ bytes: Uint8Array; etag: string } | undefined>
  /** @returns as `putJson` */
  putBytes(key: string, bytes: Uint8Array, options: PutOptions): Promise<string | undefined>
  /** All objects under a prefix, in key order, a thousand for each request. */
  list(prefix: string, options?: ListOptions): AsyncIterable<ListedObject>
  /** @returns undefined when there is no such object */
  head(key: string): Promise<ObjectHead | undefined>
  /** As `head` when it was asked last: to be used only where S3 is then asked for this ETag and no other. */
  recentHead(key: string): ObjectHead | undefined
  /**
   * Bytes as they come, at the reader's pace; a reader may pause for as long as it likes.
   * @param range an HTTP Range value
   * @returns undefined when the object has gone or changed since `etag`
   */
  read(
    key: string,
    etag: string,
    range: string | undefined,
    signal: AbortSignal,
  ): Promise<Readable | undefined>
  /**
   * Bytes from `start` on, fewer than `length` where the object ends before.
   * @returns undefined when there is no such object, or none of it is there
   */
  readBytes(key: string, start: number, length: number): Promise<Uint8Array | undefined>
  /** Deleting what is not there succeeds, as in S3. */
  delete(key: string): Promise<void>
  /** @param expiresInSeconds at most 7 days @returns a URL that a browser can use without credentials */
  presign(key: string, options: PresignOptions): Promise<string>
  /** Resolves when the bucket answers. */
  check(prefix: string): Promise<void>
  close(): void
}

/** Of so many objects it is remembered how they were when they were last looked at; that is a few hundred KB. */
const MAX_RECENT_HEADS = 1_000

export function createObjectStore(config: ApiConfig['s3'], metrics: Metrics): ObjectStore {
  const clients = createS3Clients(config)
  const client = clients.calls
  const recentHeads = createRecent<ObjectHead>(MAX_RECENT_HEADS)
  const Bucket = config.bucket
  const signedReader = createSignedReader({
    sign: (Key, expiresIn) =>
      getSignedUrl(clients.media, new GetObjectCommand({ Bucket, Key }), { expiresIn }),
    patienceMs: SILENCE_MS,
  })

  const call = <Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer> =>
    answered(() =>
      measured(
        work,
        (error) => (error instanceof S3ServiceException ? 'refused' : 'failed'),
        (outcome, seconds) => metrics.s3Call(operation, outcome, seconds),
      ),
    )

  const put = async (
    Key: string,
    Body: string | Uint8Array,
    { contentType, condition }: PutOptions,
  ): Promise<string | undefined> => {
    const answer = client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        ContentType: contentType,
        ...(condition && 'ifNew' in condition && { IfNoneMatch: '*' }),
        ...(condition && 'ifMatch' in condition && { IfMatch: condition.ifMatch }),
      }),
    )
    // 409: two conditional writes met in S3 and this one lost; 404: If-Match on what has been deleted
    const written = condition ? await orUndefined(answer, 412, 409, 404) : await answer
    return written && (written.ETag ?? '')
  }

  const readBySdk = async (
    Key: string,
    IfMatch: string,
    Range: string | undefined,
    abortSignal: AbortSignal,
  ): Promise<IncomingMessage | undefined> => {
    const command = new GetObjectCommand({ Bucket, Key, IfMatch, Range })
    const answer = await orUndefined(clients.media.send(command, { abortSignal }), 404, 412)
    if (!answer) return undefined
    // Node's own message, unless something is put between us and S3
    if (!(answer.Body instanceof IncomingMessage)) throw new TypeError('S3 answered without a stream.')
    return answer.Body
  }

  return {
    getText: (Key) =>
      call('get', async () => {
        const answer = await orUndefined(client.send(new GetObjectCommand({ Bucket, Key })), 404)
        if (!answer?.Body || answer.ETag === undefined) return undefined
        return { text: await answer.Body.transformToString('utf-8'), etag: answer.ETag }
      }),

    putJson: (key, value, condition) =>
      call('put', () =>
        put(key, JSON.stringify(value), {
          contentType: 'application/json',
          ...(condition && { condition }),
        }),
      ),

    getBytes: (Key) =>
      call('get', async () => {
        const answer = await orUndefined(client.send(new GetObjectCommand({ Bucket, Key })), 404)
        if (!answer?.Body || answer.ETag === undefined) return undefined
        return { bytes: await answer.Body.transformToByteArray(), etag: answer.ETag }
      }),

    putBytes: (key, bytes, options) => call('put', () => put(key, bytes, options)),

    async *list(Prefix, { startAfter, isFlat = false } = {}) {
      let ContinuationToken: string | undefined
      do {
        const command = new ListObjectsV2Command({
          Bucket,
          Prefix,
          ContinuationToken,
          StartAfter: startAfter,
          ...(isFlat && { Delimiter: '/' }),
        })
        const page = await call('list', () => client.send(command))
        for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
          if (Key === undefined) continue
          yield { key: Key, etag: ETag ?? '', size: Size ?? 0, lastModified: LastModified ?? new Date(0) }
        }
        ContinuationToken = page.NextContinuationToken
      } while (ContinuationToken !== undefined)
    },

    head: (Key) =>
      call('head', async () => {
        const answer = await orUndefined(client.send(new HeadObjectCommand({ Bucket, Key })), 404)
        const head = answer && {
          size: answer.ContentLength ?? 0,
          etag: answer.ETag ?? '""',
          lastModified: answer.LastModified ?? new Date(0),
        }
        recentHeads.set(Key, head)
        return head
      }),

    recentHead: (key) => recentHeads.get(key),

    read: (Key, IfMatch, Range, abortSignal) =>
      call('read', async () => {
        const headers = { 'if-match': IfMatch, ...(Range !== undefined && { range: Range }) }
        const direct = await signedReader.read(Key, headers, abortSignal)
        if (direct === 'gone') return undefined
        const body = direct ?? (await readBySdk(Key, IfMatch, Range, abortSignal))
        if (body) endWhenSilent(body, SILENCE_MS)
        return body
      }),

    readBytes: (Key, start, length) =>
      call('read', async () => {
        const Range = `bytes=${start}-${start + length - 1}`
        const answer = await orUndefined(client.send(new GetObjectCommand({ Bucket, Key, Range })), 404, 416)
        return answer?.Body?.transformToByteArray()
      }),

    delete: (Key) =>
      call('delete', async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key }))
      }),

    presign: (Key, { expiresInSeconds, contentType, contentDisposition }) =>
      answered(() =>
        getSignedUrl(
          clients.browsers,
          new GetObjectCommand({
            Bucket,
            Key,
            ResponseContentType: contentType,
            ...(contentDisposition !== undefined && { ResponseContentDisposition: contentDisposition }),
          }),
          { expiresIn: expiresInSeconds },
        ),
      ),

    check: (Prefix) =>
      call('check', async () => {
        await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }))
      }),

    close() {
      signedReader.destroy()
      clients.destroy()
    },
  }
}

async function answered<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      'The storage for recordings did not answer. Try again in a moment.',
      {
        cause: error,
      },
    )
  }
}

/** @returns undefined in place of an S3 error with one of these HTTP statuses */
async function orUndefined<Answer>(
  answer: Promise<Answer>,
  ...statuses: number[]
): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof S3ServiceException && statuses.includes(error.$metadata.httpStatusCode ?? 0))
      return undefined
    throw error
  }
}
