import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { pino, type Logger } from 'pino'
import { createHttpServer } from './http/create-http-server.ts'
import { abortAbandonedUploads } from './operations/abort-multipart-upload.ts'
import { assertBucketName } from './operations/bucket-name.ts'
import { addBucket } from './operations/buckets.ts'
import { lockFolder } from './store/folder-lock.ts'
import { Store } from './store/store.ts'

const SWEEP_INTERVAL_MS = 60 * 60_000
/** What requests under way get before their connections are cut. */
const CLOSE_GRACE_MS = 3000

export interface LocalS3Options {
  /** Made if it is not there. One server at a time may use it. */
  readonly dataDir: string
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: a free one. */
  readonly port?: number
  readonly accessKey: string
  readonly secretKey: string
  /** Signatures for another region are refused; by default, any region is taken. */
  readonly region?: string
  /** Created at the start where they are not there yet. */
  readonly buckets?: readonly string[]
  /** Default: silent. */
  readonly logger?: Logger
  /** Milliseconds since 1970; default: the system's clock. */
  readonly clock?: () => number
}

export interface LocalS3 {
  readonly port: number
  /** http://host:port, without a slash at the end. */
  readonly url: string
  /** Lets requests under way end, for a few seconds, then frees port and folder. Calling it again joins the first call. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts an S3 endpoint over a folder.
 *
 * @throws the system's error if the port cannot be had (`code` EADDRINUSE), FolderInUseError if another server uses the
 * folder, S3Error InvalidBucketName
 */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const { dataDir, host = '127.0.0.1', port = 0, accessKey, secretKey, region, buckets = [] } = options
  const logger = options.logger ?? pino({ enabled: false })
  const now = options.clock ?? Date.now
  const instance = randomBytes(12).toString('hex')
  for (const bucket of buckets) assertBucketName(bucket)

  let ready: (store: Store) => void = () => undefined
  const store = new Promise<Store>((resolve) => {
    ready = resolve
  })
  const server = createHttpServer({
    store,
    credentials: { accessKey, secretKey, region },
    instance,
    logger,
    now,
  })
  // The port comes first: whoever finds it taken knows at once that there is a server already
  const address = await listen(server, host, port)
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  let release: () => Promise<void> = async () => undefined
  let opened: Store | undefined
  try {
    release = (await lockFolder(dataDir, url, instance)).release
    opened = await Store.open(dataDir, logger)
    for (const bucket of buckets) await addBucket(opened, bucket, now())
    await abortAbandonedUploads(opened, now())
    ready(opened)
  } catch (error) {
    await stop(server)
    await opened?.close()
    await release()
    throw error
  }
  const running = opened
  const sweeper = setInterval(() => {
    abortAbandonedUploads(running, now()).catch((error: unknown) => {
      logger.warn({ err: error }, 'could not abort abandoned uploads')
    })
  }, SWEEP_INTERVAL_MS).unref()
  logger.info({ url, dataDir }, 'local S3 started')

  const end = async (): Promise<void> => {
    clearInterval(sweeper)
    await stop(server)
    await running.close()
    await release()
    logger.info({ url }, 'local S3 stopped')
  }
  let ended: Promise<void> | undefined
  const close = async (): Promise<void> => {
    ended ??= end()
    await ended
  }
  return { port: address.port, url, close, [Symbol.asyncDispose]: close }
}

async function listen(server: Server, host: string, port: number): Promise<{ port: number }> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('Listening on something that is no port')
  return address
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
  await closed
  clearTimeout(cut)
}
