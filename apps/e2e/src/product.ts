import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isRealWorld, startRealStack } from '@roomreel/real-stack'
import { freePort } from '@roomreel/tooling/free-port'

const require = createRequire(import.meta.url)
const mainOf = (app: string): string =>
  join(dirname(require.resolve(`${app}/package.json`)), 'dist', 'main.js')

/** Most that a start may take on a busy machine, in ms. */
const START_LIMIT_MS = 60_000
const ANSWER_LIMIT_MS = 10_000

export const ADMIN_PASSWORD = 'correct-horse-battery'

/** The product as `npm start` runs it, on ports and in a folder of its own. */
export interface Product {
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
  /** Where its S3 answers. */
  readonly s3Endpoint: string
  /** The process that makes recordings; the recorders are children of it. */
  readonly recorderPid: number
  /**
   * LiveKit dies in the middle of everything and comes back. In the embedded world with the process it is a part of,
   * and without any memory of its rooms.
   */
  restartLiveKit(): Promise<void>
  /** What it has printed so far, for messages of failed tests. */
  output(): string
  /** Ends it as Ctrl-C does. @returns its exit status */
  stop(): Promise<number>
}

/**
 * In the real world with LiveKit, S3 and an egress worker as processes of their own.
 * @param environment what differs from the defaults, e.g. the playback strategy
 */
export async function startProduct(environment: Record<string, string> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roomreel-e2e-'))
  const [port, livekit, s3] = [await freePort(), await freePort(), await freePort()]
  const url = `http://localhost:${port}`
  const stack = isRealWorld()
    ? await startRealStack({
        webhookUrl: `http://127.0.0.1:${port}/livekit/webhook`,
        egressMain: mainOf('@roomreel/egress-worker'),
      })
    : undefined
  const env = {
    SERVER_PORT: String(port),
    LIVEKIT_URL: `http://localhost:${livekit}`,
    S3_ENDPOINT: `http://localhost:${s3}`,
    ...stack?.environment,
    DATA_DIR: dataDir,
    ADMIN_PASSWORD,
    LOG_FORMAT: 'json',
    ...environment,
  }
  const clear = async (): Promise<void> => {
    await stack?.[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true })
  }
  const start = (): Promise<Server> =>
    startServer(url, env).catch(async (error: unknown) => {
      await clear()
      throw error
    })
  let server = await start()
  return {
    url,
    environment: env,
    s3Endpoint: env.S3_ENDPOINT,
    get recorderPid() {
      return stack?.egress.pid ?? server.pid
    },
    output: () => server.output(),
    async restartLiveKit() {
      if (stack) {
        await stack.restartLiveKit()
      } else {
        await server.stop('SIGKILL')
        server = await start()
      }
    },
    async stop() {
      const status = await server.stop('SIGINT')
      await clear()
      return status
    },
  }
}

interface Server {
  readonly pid: number
  output(): string
  /** @returns its exit status; 128 when a signal ended it */
  stop(signal: NodeJS.Signals): Promise<number>
}

/** @throws with what it has printed, if it ends before it is ready, or is not ready in time */
async function startServer(url: string, env: Record<string, string>): Promise<Server> {
  const child = spawn(process.execPath, [mainOf('@roomreel/server')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const exited = once(child, 'exit')
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const stop = async (signal: NodeJS.Signals): Promise<number> => {
    if (!hasEnded()) child.kill(signal)
    await exited
    return child.exitCode ?? 128
  }

  const { pid } = child
  if (pid === undefined) throw new Error('the server could not be started')
  const deadlineMs = performance.now() + START_LIMIT_MS
  while (!(await isReady(url))) {
    const fault = hasEnded()
      ? `the server ended with status ${child.exitCode ?? child.signalCode}`
      : performance.now() > deadlineMs && `the server was not ready within ${START_LIMIT_MS} ms`
    if (fault !== false) {
      await stop('SIGKILL')
      throw new Error(`${fault}:\n${output}`)
    }
    await delay(50)
  }
  return { pid, output: () => output, stop }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })).ok
  } catch {
    // Not listening yet, or without an answer: asked again until there is one, or its process ends
    return false
  }
}
