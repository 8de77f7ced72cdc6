import { S3Client } from '@aws-sdk/client-s3'
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type S3Options, S3StartedSchema } from './s3-messages.ts'

/** What the bench keeps its objects in. */
export const S3_BUCKET = 'bench'

const entry = fileURLToPath(new URL('./s3-process.js', import.meta.url))
/** More than any question asks at once. */
const MAX_SOCKETS = 512

/** local-s3 in a process of its own, over a folder. */
export interface S3 extends AsyncDisposable {
  readonly pid: number
  readonly url: string
  readonly bucket: string
  readonly region: string
  readonly keys: { readonly accessKey: string; readonly secretKey: string }
  readonly client: S3Client
  /** Makes the product use this S3 instead of one of its own. */
  readonly environment: Readonly<Record<string, string>>
}

/** @throws Error when the process ends before it listens */
export async function startS3(dataDir: string): Promise<S3> {
  const options: S3Options = {
    dataDir,
    accessKey: 'bench',
    secretKey: randomBytes(24).toString('base64url'),
    region: 'us-east-1',
    bucket: S3_BUCKET,
  }
  const child = fork(entry, [JSON.stringify(options)])
  const exited = once(child, 'exit')
  const started = await Promise.race([once(child, 'message'), exited.then(() => undefined)])
  const { pid } = child
  if (started === undefined || pid === undefined) throw new Error('local-s3 did not start.')
  const { url } = S3StartedSchema.parse(started[0])
  const { accessKey, secretKey, region, bucket } = options
  const client = new S3Client({
    endpoint: url,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    requestHandler: { httpAgent: { maxSockets: MAX_SOCKETS } },
  })
  return {
    pid,
    url,
    bucket,
    region,
    keys: { accessKey, secretKey },
    client,
    environment: {
      S3_ENDPOINT: url,
      S3_ACCESS_KEY: accessKey,
      S3_SECRET_KEY: secretKey,
      S3_BUCKET: bucket,
      AWS_REGION: region,
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
