import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.ts'

/** The built process, as `npm start` runs it. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** Characters of its log that are kept, to be shown when a case fails. */
const LOG_KEPT = 40_000

/** The application server as a process of its own, which can be killed and started anew on the same port. */
export class Replica implements AsyncDisposable {
  readonly url: string
  readonly #environment: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #log = ''

  /** @param environment with SERVER_PORT */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment
    this.url = `http://127.0.0.1:${environment['SERVER_PORT']}`
  }

  /** The end of all that it has logged. */
  get log(): string {
    return this.#log
  }

  /** Starts it; resolves when it answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-LOG_KEPT)
      })
    }
    await eventually(`${this.url} answers`, async () => {
      if (child.exitCode !== null) throw new Error(`the application ended: ${this.#log}`)
      try {
        return (await fetch(`${this.url}/healthz`)).ok
      } catch {
        // Nobody listens yet
        return false
      }
    })
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
