import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { RecordedImage, RecordingEnd, RecordJob, SalvageJob } from '../recorder/recorder-messages.ts'
import type { RecorderStats, RecordingOutcome, WorkerMessage } from '../recorder/recorder-messages.ts'
import { RecorderMessage } from '../recorder/recorder-messages.ts'
import type { LayoutName, ThemeName } from '../request/recording-plan.ts'
import { FOLDER_FILES } from '../recorder/recording-folder.ts'

/** Loading the native libraries takes its time on a busy machine; the process says nothing before. */
const START_LIMIT_MS = 60_000

export interface RecorderChildOptions {
  job: RecordJob | SalvageJob
  /** A process that says nothing for this long is killed. */
  silenceLimitMs: number
  logger: Logger
  onStarted?: (startedAtMs: number) => void
  onEnding?: (end: RecordingEnd) => void
  onImage?: (image: RecordedImage) => void
  onStats?: (stats: RecorderStats) => void
}

export type ChildResult = { kind: 'finished'; outcome: RecordingOutcome } | { kind: 'died'; reason: string }

/** A recorder process and the talk with it. */
export class RecorderChild {
  /** How it ended. Never rejects. Resolves as soon as the outcome is known: the process may still be leaving. */
  readonly result: Promise<ChildResult>
  readonly #process: ChildProcess
  readonly #options: RecorderChildOptions
  #silence: NodeJS.Timeout | undefined
  #silent = false
  #hasSpoken = false
  #resolve: (result: ChildResult) => void = () => undefined

  constructor(options: RecorderChildOptions) {
    this.#options = options
    this.result = new Promise((resolve) => (this.#resolve = resolve))
    const entry = createRequire(import.meta.url).resolve('@roomreel/egress/recorder-process')
    // A file rather than a pipe: it outlives the worker
    const log = openSync(join(options.job.folder, FOLDER_FILES.log), 'a', 0o600)
    try {
      this.#process = fork(entry, [], {
        // Its own process group: Ctrl-C in a terminal reaches the worker alone
        detached: true,
        execArgv: [],
        stdio: ['ignore', log, log, 'ipc'],
        // rtc-node logs every event otherwise
        env: { ...process.env, NODE_ENV: 'production' }, // oxlint-disable-line node/no-process-env -- passed on, not read
      })
    } finally {
      closeSync(log)
    }
    this.#process.on('message', (message) => this.#onMessage(message))
    this.#process.once('error', (error) => this.#end({ kind: 'died', reason: error.message }))
    this.#process.once('exit', (code, signal) => this.#onExit(code, signal))
    this.#listenForSilence()
    this.#send(options.job)
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Asks it to complete the file and end. */
  stop(): void {
    this.#send({ type: 'stop' })
  }

  setLayout(layout: LayoutName, theme: ThemeName): void {
    this.#send({ type: 'layout', layout, theme })
  }

  #onMessage(message: unknown): void {
    this.#hasSpoken = true
    this.#listenForSilence()
    const parsed = RecorderMessage.safeParse(message)
    const { logger, onStarted, onEnding, onImage, onStats } = this.#options
    if (!parsed.success) {
      logger.warn({ err: parsed.error }, 'a recorder process said something unknown')
      return
    }
    const { data } = parsed
    switch (data.type) {
      case 'started':
        onStarted?.(data.startedAtMs)
        break
      case 'ending':
        onEnding?.(data.end)
        break
      case 'image':
        onImage?.(data.image)
        break
      case 'heartbeat':
        if (data.stats) onStats?.(data.stats)
        break
      case 'log':
        logger[data.level](data.fields, data.message)
        break
      case 'finished':
        this.#end({ kind: 'finished', outcome: data.outcome })
        break
    }
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    const how = this.#silent
      ? 'it had stopped answering'
      : signal
        ? `signal ${signal}`
        : `exit status ${code}`
    this.#end({ kind: 'died', reason: `The recorder process ended unexpectedly: ${how}` })
    clearTimeout(this.#silence)
  }

  /** Also guards the time after the outcome: a process that hangs while leaving is killed. */
  #listenForSilence(): void {
    clearTimeout(this.#silence)
    const { silenceLimitMs } = this.#options
    const limitMs = this.#hasSpoken ? silenceLimitMs : Math.max(silenceLimitMs, START_LIMIT_MS)
    this.#silence = setTimeout(() => {
      this.#silent = true
      this.#options.logger.error({ pid: this.#process.pid }, 'recorder process is silent and is killed')
      this.#process.kill('SIGKILL')
    }, limitMs)
  }

  #end(result: ChildResult): void {
    this.#resolve(result)
  }

  #send(message: WorkerMessage): void {
    if (!this.#process.connected) return
    // A process that dies meanwhile is told by "exit"
    this.#process.send(message, () => undefined)
  }
}
