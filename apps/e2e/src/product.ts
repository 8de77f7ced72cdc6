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
  let server = await startServer(url, env)
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
        server = await startServer(url, env)
      }
    },
    async stop() {
      const status = await server.stop('SIGINT')
      await stack?.[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
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

/** @throws if it ends before it is ready */
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

  const { pid } = child
  if (pid === undefined) throw new Error('the server could not be started')
  while (!(await isReady(url))) {
    if (hasEnded()) {
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${output}`)
    }
    await delay(50)
  }
  return {
    pid,
    output: () => output,
    async stop(signal) {
      if (!hasEnded()) child.kill(signal)
      await exited
      return child.exitCode ?? 128
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    // Not listening yet: asked again until it does, or its process ends
    return false
  }
}
