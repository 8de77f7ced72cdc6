import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { isRealWorld, startMinio } from '@roomreel/real-stack'
import { startLocalS3 } from '../../src/index.ts'

export const ACCESS_KEY = 'conformance'
export const SECRET_KEY = 'conformance-secret'
export const REGION = 'us-east-1'
/** Is there from the start. */
export const BUCKET = 'conformance-bucket'

/** Which S3 is under test: all tests of this folder hold for both. */
export type World = 'local-s3' | 'minio'
export const WORLD: World = isRealWorld() ? 'minio' : 'local-s3'

/**
 * What the two worlds answer where they differ. Each use is a row of the table in the package's README, which says why.
 */
export function differs<T>(expected: Record<World, T>): T {
  return expected[WORLD]
}

export interface Endpoint extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  readonly s3: S3Client
  /** Another client; closed along with the endpoint. */
  client(config: S3ClientConfig): S3Client
}

/** A fresh endpoint on a free port. @param world by default the one that the run is for */
export async function startEndpoint(world: World = WORLD): Promise<Endpoint> {
  const { url, stop } = world === 'minio' ? await startMinioEndpoint() : await startLocalEndpoint()
  const clients: S3Client[] = []
  const client = (config: S3ClientConfig): S3Client => {
    const made = new S3Client({
      endpoint: url,
      region: REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
      maxAttempts: 1,
      ...config,
    })
    clients.push(made)
    return made
  }
  return {
    url,
    s3: client({}),
    client,
    async [Symbol.asyncDispose]() {
      for (const each of clients) each.destroy()
      await stop()
    },
  }
}

interface Started {
  readonly url: string
  readonly stop: () => Promise<void>
}

const KEYS = { accessKey: ACCESS_KEY, secretKey: SECRET_KEY, buckets: [BUCKET] }

async function startMinioEndpoint(): Promise<Started> {
  const minio = await startMinio(KEYS)
  return { url: minio.url, stop: () => minio.stop() }
}

async function startLocalEndpoint(): Promise<Started> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'local-s3-conformance-'))
  const server = await startLocalS3({ ...KEYS, dataDir })
  const stop = async (): Promise<void> => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { url: server.url, stop }
}
