import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EgressInfo, EgressSourceType, EgressStatus, FileInfo, ImagesInfo } from '@livekit/protocol'
import { pino } from 'pino'
import type { JournalEntry } from '../journal/recording-journal.ts'
import { RecordingJournal } from '../journal/recording-journal.ts'
import { isAlive } from '../recorder/alive-file.ts'
import { FOLDER_FILES } from '../recorder/recording-folder.ts'
import { parseRequest } from '../request/parse-request.ts'
import { redactRequest } from '../request/redact-request.ts'
import { EgressError } from './egress-error.ts'
import type { Readiness } from './find-encoder.ts'
import { findEncoder } from './find-encoder.ts'
import { nanoseconds } from './nanoseconds.ts'
import { Recording } from './recording.ts'
import type { EgressWorkerOptions, WorkerSettings } from './worker-settings.ts'
import { workerSettings } from './worker-settings.ts'

/** What to record, as LiveKit hands it over. */
export interface StartEgressCall {
  egressId: string
  roomId: string
  roomName: string
  request: EgressInfo['request']
}

/** Ended egresses that are remembered, so that stopping one is answered as LiveKit's own Egress does. */
const MAX_ENDED = 64
/** Ids become folder names. */
const EGRESS_ID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Starts a worker that records rooms into files. It also looks after what an earlier worker process left in
 * `dataDir`: files are repaired, uploaded and reported.
 *
 * @throws if `dataDir` can't be made
 */
export async function startEgressWorker(options: EgressWorkerOptions): Promise<EgressWorker> {
  const settings = workerSettings(options, pino({ level: 'silent' }))
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 })
  const worker = new EgressWorker(settings)
  await worker.recover()
  return worker
}

/** Records rooms: one recorder process per egress. Made by {@link startEgressWorker}. */
export class EgressWorker implements AsyncDisposable {
  readonly #settings: WorkerSettings
  readonly #readiness: Readiness
  /** By egress id; as many as run, bounded by `maxConcurrent` and what was found at the start. */
  readonly #recordings = new Map<string, Recording>()
  readonly #starting = new Map<string, Promise<EgressInfo>>()
  readonly #ended = new Map<string, EgressInfo>()
  /** Folders this process can do no more for; the next one tries again. */
  readonly #setAside = new Set<string>()
  readonly #recovery: NodeJS.Timeout
  #recovering: Promise<void> | null = null
  #isDraining = false
  #isClosed = false

  constructor(settings: WorkerSettings) {
    this.#settings = settings
    this.#readiness = findEncoder(settings.encoderModule)
    this.#recovery = setInterval(() => this.#recoverInBackground(), settings.recoveryIntervalMs)
    this.#recovery.unref()
  }

  /**
   * Starts an egress and answers with status STARTING as soon as it is stored; the rest is reported to `io`.
   * A second call with the same id gets the info of the first.
   *
   * @throws EgressError `invalid_argument` for what can't be recorded, `resource_exhausted` when full,
   *   `failed_precondition` without an encoder, `unavailable` while draining or when `io` can't store the egress
   */
  startEgress(call: StartEgressCall): Promise<EgressInfo> {
    const known = this.#recordings.get(call.egressId)?.info ?? this.#ended.get(call.egressId)
    if (known) return Promise.resolve(known.clone())
    const starting = this.#starting.get(call.egressId)
    if (starting) return starting
    const started = this.#start(call).finally(() => this.#starting.delete(call.egressId))
    this.#starting.set(call.egressId, started)
    return started
  }

  /**
   * Ends an egress: answers with status ENDING at once, the file comes later. May be repeated.
   *
   * @throws EgressError `not_found` for an id this worker has not got, `failed_precondition` for an ended one
   */
  async stopEgress(egressId: string): Promise<EgressInfo> {
    await this.#starting.get(egressId)
    const recording = this.#recordings.get(egressId)
    if (recording) {
      const info = recording.stop('api')
      if (info.status <= EgressStatus.EGRESS_ENDING) return info
      throw alreadyEnded(info.status)
    }
    const ended = this.#ended.get(egressId)
    if (ended) throw alreadyEnded(ended.status)
    throw new EgressError('not_found', 'egress does not exist')
  }

  /**
   * Changes the layout of a running recording.
   *
   * @param layout as in a room composite request
   * @throws EgressError `not_found`, `failed_precondition` as for `stopEgress`
   */
  async updateLayout(egressId: string, layout: string): Promise<EgressInfo> {
    await this.#starting.get(egressId)
    const recording = this.#recordings.get(egressId)
    if (recording?.isCapturing) return recording.setLayout(layout)
    const ended = recording?.info ?? this.#ended.get(egressId)
    if (!ended) throw new EgressError('not_found', 'egress does not exist')
    throw new EgressError(
      'failed_precondition',
      `egress with status ${EgressStatus[ended.status]} cannot be updated`,
    )
  }

  /** Egresses that are not reported to their end: those that record, save or report. */
  get egressIds(): string[] {
    return [...new Set([...this.#starting.keys(), ...this.#recordings.keys()])]
  }

  /** How gladly another egress is taken: 1 idle … 0 full, draining or without an encoder. */
  affinity(): number {
    if (this.#isDraining || !this.#readiness.ok) return 0
    const { maxConcurrent } = this.#settings
    return Math.max(0, 1 - this.#occupied / maxConcurrent)
  }

  /** Whether recordings can be made here, and if not, why. */
  readiness(): Readiness {
    if (this.#isDraining) return { ok: false, reason: 'The egress worker is shutting down.' }
    return this.#readiness
  }

  /**
   * Takes no more, ends what runs, and resolves when all files are uploaded and reported. A second call may be
   * less patient than the first.
   *
   * @param patienceMs for how long recordings may go on until somebody stops them. Default: not at all
   */
  async drain(patienceMs = 0): Promise<void> {
    this.#isDraining = true
    await Promise.allSettled(this.#starting.values())
    const stopAll = (): void => {
      for (const recording of this.#recordings.values()) recording.stop('shutdown')
    }
    const patience = patienceMs > 0 ? setTimeout(stopAll, patienceMs) : null
    if (patience === null) stopAll()
    try {
      await this.#allEnded()
    } finally {
      if (patience !== null) clearTimeout(patience)
    }
  }

  /**
   * Lets go of everything: recordings that run are ended and their files completed, but uploads and reports
   * that are not done are left to the next worker on this `dataDir`. Call `drain` before to wait for them.
   */
  async close(): Promise<void> {
    this.#isClosed = this.#isDraining = true
    clearInterval(this.#recovery)
    await Promise.allSettled([...this.#starting.values(), this.#recovering])
    await Promise.all([...this.#recordings.values()].map((recording) => recording.abandon()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Goes on with recordings in `dataDir` that no living worker looks after. */
  async recover(): Promise<void> {
    this.#recovering ??= this.#recover().finally(() => (this.#recovering = null))
    await this.#recovering
  }

  get #occupied(): number {
    const capturing = [...this.#recordings.values()].filter((recording) => recording.isCapturing)
    // An egress is for a moment in both
    return new Set([...capturing.map((recording) => recording.info.egressId), ...this.#starting.keys()]).size
  }

  async #start(call: StartEgressCall): Promise<EgressInfo> {
    const settings = this.#settings
    if (this.#isDraining) throw new EgressError('unavailable', 'The egress worker is shutting down.')
    if (!this.#readiness.ok) throw new EgressError('failed_precondition', this.#readiness.reason)
    if (!EGRESS_ID.test(call.egressId))
      throw new EgressError('invalid_argument', 'request has missing or invalid field: egressID')
    const plan = parseRequest(call.request, { ...call, now: new Date(), ownStorage: settings.storage })
    if (this.#occupied >= settings.maxConcurrent) {
      throw new EgressError('resource_exhausted', `Already ${settings.maxConcurrent} recordings are running.`)
    }
    const info = new EgressInfo({
      egressId: call.egressId,
      roomId: call.roomId,
      roomName: plan.roomName,
      sourceType: EgressSourceType.WEB,
      status: EgressStatus.EGRESS_STARTING,
      updatedAt: nanoseconds(Date.now()),
      request: redactRequest(call.request),
      fileResults: [new FileInfo({ filename: plan.file.key })],
      imageResults: plan.images.map(({ keyPrefix }) => new ImagesInfo({ filenamePrefix: keyPrefix })),
    })
    const [file] = info.fileResults
    if (file && plan.images.length === 0) info.result = { case: 'file', value: file }
    const entry: JournalEntry = {
      phase: 'recording',
      plan,
      info,
      startedAtMs: null,
      stopReason: null,
      outcome: null,
    }
    const folder = join(settings.dataDir, call.egressId)
    const recording = new Recording({ folder, settings, entry })
    await this.#store(folder, recording)
    this.#follow(call.egressId, recording, recording.record())
    return recording.info
  }

  async #store(folder: string, recording: Recording): Promise<void> {
    try {
      await mkdir(folder, { mode: 0o700 })
      await recording.save()
    } catch (error) {
      throw new EgressError('unavailable', 'The data folder of the egress worker can not be written.', {
        cause: error,
      })
    }
    try {
      await this.#settings.io.createEgress(recording.info)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw new EgressError('unavailable', 'The egress could not be stored.', { cause: error })
    }
  }

  #follow(egressId: string, recording: Recording, running: Promise<void>): void {
    this.#recordings.set(egressId, recording)
    running
      .then(() => {
        this.#recordings.delete(egressId)
        if (recording.isSetAside) this.#setAside.add(egressId)
        this.#ended.set(egressId, recording.info)
        const [oldest] = this.#ended.keys()
        if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest)
        return undefined
      })
      .catch((error: unknown) => this.#settings.logger.error({ err: error, egressId }, 'egress broke off'))
  }

  async #allEnded(): Promise<void> {
    while (this.#recordings.size > 0) {
      await Promise.all([...this.#recordings.values()].map((recording) => recording.ended))
    }
  }

  #recoverInBackground(): void {
    this.recover().catch((error: unknown) => {
      this.#settings.logger.error({ err: error }, 'the data folder can not be searched')
    })
  }

  async #recover(): Promise<void> {
    const { dataDir, logger } = this.#settings
    for (const name of await readdir(dataDir)) {
      if (this.#isClosed) return
      const folder = join(dataDir, name)
      const isOurs = this.#recordings.has(name) || this.#starting.has(name) || this.#setAside.has(name)
      if (!EGRESS_ID.test(name) || isOurs || !(await hasJournal(folder))) continue
      if (await isAlive(join(folder, FOLDER_FILES.workerAlive))) continue
      try {
        const entry = await new RecordingJournal(folder).read()
        if (this.#recordings.has(name)) continue
        logger.info({ egressId: name, phase: entry.phase }, 'recovering an egress')
        const recording = new Recording({ folder, settings: this.#settings, entry })
        this.#follow(name, recording, recording.recover())
      } catch (error) {
        this.#setAside.add(name)
        logger.error({ err: error, folder }, 'a recording in the data folder can not be recovered')
      }
    }
  }
}

async function hasJournal(folder: string): Promise<boolean> {
  return stat(join(folder, FOLDER_FILES.journal)).then(
    () => true,
    () => false,
  )
}

function alreadyEnded(status: EgressStatus): EgressError {
  return new EgressError(
    'failed_precondition',
    `egress with status ${EgressStatus[status]} cannot be stopped`,
  )
}
