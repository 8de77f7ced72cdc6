import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startLocalS3, type LocalS3, type LocalS3Options } from '../src/index.ts'

export const ACCESS_KEY = 'test-access-key'
export const SECRET_KEY = 'test-secret-key'
export const BUCKET = 'test-bucket'
export const REGION = 'us-east-1'

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly dataDir: string
  readonly s3: S3Client
  /** Another client of the same server; closed along with it. */
  client(config: S3ClientConfig): S3Client
  /** Stops the server and starts it again over the same folder, on another port. */
  restart(): Promise<void>
}

/** A real server on a free port over a folder of its own, and the real SDK against it. */
export async function startTestServer(options: Partial<LocalS3Options> = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'local-s3-test-'))
  const start = (): Promise<LocalS3> =>
    startLocalS3({
      dataDir,
      accessKey: ACCESS_KEY,
      secretKey: SECRET_KEY,
      region: REGION,
      buckets: [BUCKET],
      ...options,
    })
  let server = await start()
  const clients: S3Client[] = []
  const client = (config: S3ClientConfig): S3Client => {
    const made = new S3Client({
      endpoint: server.url,
      region: REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
      maxAttempts: 1,
      ...config,
    })
    clients.push(made)
    return made
  }
  let s3 = client({})
  return {
    get url() {
      return server.url
    },
    dataDir,
    get s3() {
      return s3
    },
    client,
    async restart() {
      await server.close()
      server = await start()
      s3 = client({})
    },
    async [Symbol.asyncDispose]() {
      for (const each of clients) each.destroy()
      await server.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
