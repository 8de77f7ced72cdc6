import type { AppRouter } from '@roomreel/api'
import { isRealWorld, type RealStack, startRealStack } from '@roomreel/real-stack'
import { freePort } from '@roomreel/tooling/free-port'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseConfig, type ServerConfig } from '../src/config/env.ts'
import { startServer } from '../src/start-server.ts'

export const ADMIN_PASSWORD = 'correct-horse-battery'

export type Client = TRPCClient<AppRouter>

/** The built egress worker. */
export const egressMain = join(
  dirname(createRequire(import.meta.url).resolve('@roomreel/egress-worker/package.json')),
  'dist',
  'main.js',
)

/**
 * The whole product with its local stack, in this process, on free ports and in a folder of its own; in the real
 * world with LiveKit, S3 and an egress worker as processes beside it.
 */
export interface RunningProduct extends AsyncDisposable {
  readonly url: string
  readonly config: ServerConfig
  /** In the real world what it works with, to be stopped and started again. */
  readonly stack: RealStack | undefined
  /** A typed client with the headers of whoever asks. */
  client(headers?: Record<string, string>): Client
  /** A client with a room token. */
  participant(token: string): Client
  admin(): Promise<Client>
  /** Ends the application as SIGTERM does. */
  stop(): Promise<void>
}

/**
 * @param now the application's clock, for tests of what takes its time
 * @param webhookUrl in the real world where LiveKit sends its webhooks, instead of to the application
 */
export async function runProduct(
  environment: Record<string, string> = {},
  now?: () => number,
  webhookUrl?: string,
): Promise<RunningProduct> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roomreel-server-'))
  const webRoot = join(dataDir, 'web')
  const [server, livekit, s3] = [await freePort(), await freePort(), await freePort()]
  // Whoever brings a LiveKit brings all that belongs to it
  const stack =
    isRealWorld() && environment['LIVEKIT_URL'] === undefined
      ? await startRealStack({
          webhookUrl: webhookUrl ?? `http://127.0.0.1:${server}/livekit/webhook`,
          egressMain,
        })
      : undefined
  const config = parseConfig({
    SERVER_PORT: String(server),
    LIVEKIT_URL: `http://127.0.0.1:${livekit}`,
    S3_ENDPOINT: `http://127.0.0.1:${s3}`,
    ...stack?.environment,
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
    stack,
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
    stop: () => running.stop(),
    async [Symbol.asyncDispose]() {
      await running.stop()
      await stack?.[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function pageIn(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Roomreel</title>')
  return folder
}
