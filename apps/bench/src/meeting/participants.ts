import { parseRoomMetadata, type RoomRecordingStatus } from '@roomreel/contracts'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '../until.ts'
import { type Participant, ParticipantsNewsSchema, type ParticipantsRequest } from './publisher-messages.ts'

const entry = fileURLToPath(new URL('./publisher-process.js', import.meta.url))

/** A 720p camera of someone who does not look at the others. */
export const HD_CAMERA = {
  width: 1280,
  height: 720,
  framesPerSecond: 15,
  simulcast: false,
  subscribes: false,
} as const
/** A camera that costs little, for questions that are not about pictures. */
export const SMALL_CAMERA = {
  width: 640,
  height: 360,
  framesPerSecond: 15,
  simulcast: false,
  subscribes: false,
} as const

/** People with cameras, in a process of their own. */
export class Participants implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #count: number
  readonly #statuses = new Map<number, RoomRecordingStatus>()
  #hasJoined = false
  #framesDecoded: number | undefined
  #failure: string | undefined

  private constructor(count: number) {
    this.#count = count
    // rtc-node logs every event otherwise
    this.#process = fork(entry, [], { env: { ...process.env, NODE_ENV: 'production' } })
    this.#process.on('message', (message) => this.#onNews(message))
    this.#process.once('error', (error) => (this.#failure = error.message))
    this.#process.once('exit', (code) => (this.#failure ??= `the participants' process ended (${code})`))
  }

  /** Lets them join and publish, one after the other. @throws Error when one cannot */
  static async join(participants: readonly Participant[]): Promise<Participants> {
    const joined = new Participants(participants.length)
    try {
      joined.#ask({ type: 'join', participants: [...participants] })
      await joined.#until('all have joined', () => joined.#hasJoined || undefined)
    } catch (error) {
      await joined[Symbol.asyncDispose]()
      throw error
    }
    return joined
  }

  /** Resolves when the room's metadata told everyone that the recording has this status. */
  async see(status: RoomRecordingStatus): Promise<void> {
    await this.#until(`everyone sees ${status}`, () => {
      const seen = [...this.#statuses.values()].filter((known) => known === status)
      return seen.length === this.#count ? true : undefined
    })
  }

  /** Frames that all of them together have decoded so far. */
  async framesDecoded(): Promise<number> {
    this.#framesDecoded = undefined
    this.#ask({ type: 'count' })
    return this.#until('frames are counted', () => this.#framesDecoded)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    if (this.#process.connected) this.#process.disconnect()
    await exited
  }

  #ask(request: ParticipantsRequest): void {
    this.#process.send(request)
  }

  #until<T>(what: string, ask: () => T | undefined): Promise<T> {
    return until(
      what,
      () => {
        if (this.#failure !== undefined) throw new Error(this.#failure)
        return ask()
      },
      { intervalMs: 5 },
    )
  }

  #onNews(message: unknown): void {
    const news = ParticipantsNewsSchema.parse(message)
    switch (news.type) {
      case 'joined':
        this.#hasJoined = true
        break
      case 'counted':
        this.#framesDecoded = news.framesDecoded
        break
      case 'failed':
        this.#failure = news.reason
        break
      case 'metadata': {
        const status = parseRoomMetadata(news.metadata).recordingStatus
        if (status !== undefined) this.#statuses.set(news.participant, status)
        break
      }
    }
  }
}
