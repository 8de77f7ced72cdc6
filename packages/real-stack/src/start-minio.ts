import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort } from '@roomreel/tooling/free-port'
import { answers, runProgram, type RunningProgram } from './run-program.ts'

export interface MinioOptions {
  /** At least 3 characters. */
  accessKey: string
  /** At least 8 characters. */
  secretKey: string
  /** Made if they are not there. */
  buckets?: readonly string[]
  /** Default: a free one. */
  port?: number
  /** Default: one that is removed at the end. */
  folder?: string
}

export interface Minio extends RunningProgram {
  readonly port: number
  readonly url: string
}

/** MinIO over a folder, on loopback. */
export async function startMinio(options: MinioOptions): Promise<Minio> {
  const { accessKey, secretKey, buckets = [] } = options
  const port = options.port ?? (await freePort())
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'roomreel-minio-')))
  const url = `http://127.0.0.1:${port}`
  const program = await runProgram({
    name: 'minio',
    args: ['server', '--quiet', '--address', `127.0.0.1:${port}`, folder],
    env: {
      MINIO_ROOT_USER: accessKey,
      MINIO_ROOT_PASSWORD: secretKey,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    },
    isReady: () => answers(`${url}/minio/health/ready`),
  })
  const stop = async (signal?: NodeJS.Signals): Promise<void> => {
    await program.stop(signal)
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
  }
  await makeBuckets(url, options, buckets)
  return { ...program, port, url, stop, [Symbol.asyncDispose]: () => stop() }
}

async function makeBuckets(url: string, keys: MinioOptions, buckets: readonly string[]): Promise<void> {
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey },
  })
  try {
    for (const bucket of buckets) await makeBucket(client, bucket)
  } finally {
    client.destroy()
  }
}

async function makeBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  } catch (error) {
    if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error
  }
}
