import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Reading, type ReadersNews, ReadersNewsSchema, type ReadersRequest } from './reader-messages.ts'

const entry = fileURLToPath(new URL('./reader-process.js', import.meta.url))

/** A process of readers: it reads what it is told, until it is told to stop. */
export class Readers implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#exited = once(child, 'exit')
  }

  static start(): Readers {
    return new Readers(fork(entry))
  }

  read(reading: Reading): void {
    this.#tell({ type: 'read', ...reading })
  }

  /** What was read since it began. @throws Error when a reader got something else than it asked for */
  async count(): Promise<{ readonly bytes: number; readonly requests: number }> {
    this.#tell({ type: 'count' })
    const news = await this.#news()
    if (news.type !== 'counted') throw new Error(`Asked for a count, got: ${news.type}.`)
    return news
  }

  /** @throws as `count` */
  async stop(): Promise<void> {
    this.#tell({ type: 'stop' })
    await this.#news()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    await this.#exited
  }

  #tell(request: ReadersRequest): void {
    this.#child.send(request)
  }

  async #news(): Promise<ReadersNews> {
    const exited = this.#exited.then(() => undefined)
    const message = await Promise.race([once(this.#child, 'message'), exited])
    if (message === undefined) throw new Error('The readers have ended.')
    const news = ReadersNewsSchema.parse(message[0])
    if (news.type === 'failed') throw new Error(`A reader failed: ${news.reason}`)
    return news
  }
}
