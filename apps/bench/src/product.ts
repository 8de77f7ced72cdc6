import type { AppRouter } from '@roomreel/api'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@roomreel/tooling/free-port'
import { repository } from './repository.ts'
import { until } from './until.ts'

export type Client = TRPCClient<AppRouter>

export const SERVER_MAIN = join(repository, 'apps', 'server', 'dist', 'main.js')
export const START_SCRIPT = join(repository, 'scripts', 'start.mjs')

/** The product with its local stack in a process of its own. */
export interface Product extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** From the start of the process to the first yes. */
  readonly readyAfterSeconds: number
  /** @param headers beside those of the token */
  client(token?: string, headers?: Readonly<Record<string, string>>): Client
  /** Ends it as Ctrl-C does; a second call joins the first. */
  [Symbol.asyncDispose](): Promise<void>
}

/** A folder for the product's data that goes away with it. */
export async function dataFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'roomreel-bench-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export interface StartOptions {
  readonly main?: string
  /** Variables that differ, such as S3_ENDPOINT for an S3 that runs already. */
  readonly environment?: Readonly<Record<string, string>>
  /** Default: a free one. */
  readonly port?: number
  /** What has to say yes: `/healthz` does as soon as it listens. */
  readonly readyAt?: '/readyz' | '/healthz'
}

/**
 * Starts the product on free ports and waits until it is ready.
 * @throws Error with what it printed when it ends before that
 */
export async function startProduct(
  dataDir: string,
  { main = SERVER_MAIN, environment = {}, port, readyAt = '/readyz' }: StartOptions = {},
): Promise<Product> {
  const [server, livekit, s3] = [port ?? (await freePort()), await freePort(), await freePort()]
  const url = `http://localhost:${server}`
  const startedAt = performance.now()
  const child = spawn(process.execPath, [main], {
    // A process group, so that it can be ended as a terminal does
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      SERVER_PORT: String(server),
      LIVEKIT_URL: `http://localhost:${livekit}`,
      S3_ENDPOINT: `http://localhost:${s3}`,
      DATA_DIR: dataDir,
      LOG_FORMAT: 'json',
      ...environment,
    },
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`Could not start ${main}.`)
  let output = ''
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const exited = once(child, 'exit')
  let ending: Promise<void> | undefined
  const end = (): Promise<void> => (ending ??= interrupt(child, pid, exited))

  try {
    await until('the product is ready', async () => {
      if (child.exitCode !== null) throw new Error(`It ended with status ${child.exitCode}: ${output}`)
      return (await saysYes(`${url}${readyAt}`)) ? true : undefined
    })
  } catch (error) {
    await end()
    throw error
  }
  return {
    url,
    pid,
    readyAfterSeconds: (performance.now() - startedAt) / 1000,
    client: (token, headers = {}) =>
      createTRPCClient<AppRouter>({
        links: [
          httpBatchLink({
            url: `${url}/trpc`,
            headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
          }),
        ],
      }),
    [Symbol.asyncDispose]: end,
  }
}

async function interrupt(child: ChildProcess, pid: number, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGINT')
  await exited
}

async function saysYes(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    // Not listening yet: asked again until it does, or its process ends
    return false
  }
}
