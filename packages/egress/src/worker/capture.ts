import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AccessToken } from 'livekit-server-sdk'
import type { Logger } from 'pino'
import { cutIncompleteFragments } from '../mp4/cut-incomplete.ts'
import { isAlive } from '../recorder/alive-file.ts'
import type { RecordingEnd, RecordingOutcome } from '../recorder/recorder-messages.ts'
import { FOLDER_FILES, readOutcome } from '../recorder/recording-folder.ts'
import type { LayoutName, RecordingPlan, ThemeName } from '../request/recording-plan.ts'
import { RecorderChild } from './recorder-child.ts'
import type { WorkerSettings } from './worker-settings.ts'

/** A token is needed for joining only, also for joining again at the very end. */
const TOKEN_MARGIN_SECONDS = 3600
/** A salvage that dies itself is tried once more; then the recording is taken as it lies there. */
const SALVAGE_ATTEMPTS = 2
const ORPHAN_POLL_MS = 300

export interface CaptureOptions {
  folder: string
  egressId: string
  roomId: string
  plan: RecordingPlan
  settings: WorkerSettings
  logger: Logger
  /** Ends the wait for a recorder of an earlier worker process. */
  signal: AbortSignal
  onStarted: (startedAtMs: number) => void
  onEnding: (end: RecordingEnd) => void
  onImage: () => void
}

/** Gets from a request to a file on disk, whatever happens to recorder processes on the way. */
export class Capture {
  readonly #options: CaptureOptions
  #child: RecorderChild | null = null
  #stopRequested = false

  constructor(options: CaptureOptions) {
    this.#options = options
  }

  /** Asks the recorder to complete its file, also if it is not running yet. */
  stop(): void {
    this.#stopRequested = true
    this.#child?.stop()
  }

  setLayout(layout: LayoutName, theme: ThemeName): void {
    this.#child?.setLayout(layout, theme)
  }

  /** Resolves when no recorder process of ours is at work any more. */
  async settled(): Promise<void> {
    await this.#child?.result
  }

  /** Records with a process of its own. @throws if that process can't be started */
  async record(): Promise<RecordingOutcome> {
    const { settings, egressId, roomId, folder, plan, logger, onStarted, onEnding, onImage } = this.#options
    let startedAtMs: number | null = null
    const token = await this.#recorderToken()
    const child = new RecorderChild({
      job: {
        type: 'record',
        egressId,
        roomId,
        livekitUrl: settings.livekit.url,
        token,
        folder,
        plan,
        maxDurationMs: settings.maxDurationSeconds * 1000,
        heartbeatMs: settings.heartbeatMs,
        joinTimeoutMs: settings.joinTimeoutMs,
        rejoinTimeoutMs: settings.rejoinTimeoutMs,
      },
      silenceLimitMs: settings.silenceLimitMs,
      logger,
      onStarted: (ms) => {
        startedAtMs = ms
        onStarted(ms)
      },
      onEnding,
      onImage,
      onStats: (stats) => logger.debug(stats, 'recorder heartbeat'),
    })
    this.#child = child
    if (this.#stopRequested) child.stop()
    const result = await child.result
    this.#child = null
    if (result.kind === 'finished') return result.outcome
    logger.error({ reason: result.reason }, 'recorder process died')
    return this.#salvage(result.reason, startedAtMs)
  }

  /**
   * Takes the outcome of a recorder that an earlier worker process has left, which may still be completing
   * its file, or salvages what a dead one has left.
   */
  async takeOver(startedAtMs: number | null): Promise<RecordingOutcome> {
    const { folder, signal } = this.#options
    const aliveFile = join(folder, FOLDER_FILES.recorderAlive)
    while (await isAlive(aliveFile)) {
      const outcome = await readOutcome(folder)
      if (outcome) return outcome
      await delay(ORPHAN_POLL_MS, undefined, { signal })
    }
    const outcome = await readOutcome(folder)
    return outcome ?? this.#salvage('The egress worker and its recorder ended while recording', startedAtMs)
  }

  async #salvage(reason: string, startedAtMs: number | null): Promise<RecordingOutcome> {
    const { folder, settings, logger, onEnding } = this.#options
    onEnding('failed')
    const error = { code: 500, message: reason }
    for (let attempt = 1; attempt <= SALVAGE_ATTEMPTS; attempt++) {
      const child = new RecorderChild({
        job: { type: 'salvage', folder, startedAtMs, heartbeatMs: settings.heartbeatMs, error },
        silenceLimitMs: settings.silenceLimitMs,
        logger,
      })
      const result = await child.result
      if (result.kind === 'finished') return result.outcome
      logger.error({ reason: result.reason, attempt }, 'salvaging the recording failed')
    }
    return this.#salvageUnread(error, startedAtMs)
  }

  /** What can be done without FFmpeg: cut the file and keep it. */
  async #salvageUnread(
    failure: { code: number; message: string },
    startedAtMs: number | null,
  ): Promise<RecordingOutcome> {
    const name = FOLDER_FILES.recording
    const endedAtMs = Date.now()
    const sizeBytes = await cutIncompleteFragments(join(this.#options.folder, name)).catch(() => 0)
    const durationSeconds = startedAtMs === null ? 0 : (endedAtMs - startedAtMs) / 1000
    const file = sizeBytes === 0 ? null : { name, sizeBytes, durationSeconds }
    return { end: 'failed', startedAtMs, endedAtMs, error: failure, file }
  }

  /** As livekit-server makes it for its own Egress: hidden, subscribes only, identity = egress id. */
  async #recorderToken(): Promise<string> {
    const { settings, egressId, plan } = this.#options
    const { apiKey, apiSecret } = settings.livekit
    const ttl = settings.maxDurationSeconds + TOKEN_MARGIN_SECONDS
    const token = new AccessToken(apiKey, apiSecret, { identity: egressId, ttl })
    token.kind = 'egress'
    token.addGrant({
      roomJoin: true,
      room: plan.roomName,
      canSubscribe: true,
      canPublish: false,
      canPublishData: false,
      hidden: true,
      recorder: true,
    })
    return token.toJwt()
  }
}
