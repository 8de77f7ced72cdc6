import type { AppRouter } from '@roomreel/api'
import { freePort } from '@roomreel/tooling/free-port'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig, type ServerConfig } from '../src/config/env.ts'
import { startServer } from '../src/start-server.ts'

export const ADMIN_PASSWORD = 'correct-horse-battery'

export type Client = TRPCClient<AppRouter>

/** The whole product with its local stack, in this process, on free ports and in a folder of its own. */
export interface RunningProduct extends AsyncDisposable {
  readonly url: string
  readonly config: ServerConfig
  /** A typed client with the headers of whoever asks. */
  client(headers?: Record<string, string>): Client
  /** A client with a room token. */
  participant(token: string): Client
  admin(): Promise<Client>
}

/** @param now the application's clock, for tests of what takes its time */
export async function runProduct(
  environment: Record<string, string> = {},
  now?: () => number,
): Promise<RunningProduct> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roomreel-server-'))
  const webRoot = join(dataDir, 'web')
  const [server, livekit, s3] = [await freePort(), await freePort(), await freePort()]
  const config = parseConfig({
    SERVER_PORT: String(server),
    LIVEKIT_URL: `http://127.0.0.1:${livekit}`,
    S3_ENDPOINT: `http://127.0.0.1:${s3}`,
    DATA_DIR: dataDir,
    ADMIN_PASSWORD,
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'json',
    ...environment,
  })
  const running = await startServer(config, await pageIn(webRoot), now)
  const url = `http://127.0.0.1:${config.port}`
  const client = (headers: Record<string, string> = {}): Client =>
    createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${url}/trpc`, headers })] })
  return {
    url,
    config,
    client,
    participant: (token) => client({ authorization: `Bearer ${token}` }),
    async admin() {
      const answer = await fetch(`${url}/trpc/session.login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ password: ADMIN_PASSWORD }),
      })
      const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
      if (!cookie) throw new Error(`log-in failed: ${await answer.text()}`)
      return client({ cookie })
    },
    async [Symbol.asyncDispose]() {
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function pageIn(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Roomreel</title>')
  return folder
}
