import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EgressInfo } from '@livekit/protocol'
import { EgressStatus, FileInfo, ImagesInfo } from '@livekit/protocol'
import type { Logger } from 'pino'
import type { JournalEntry, StopReason } from '../journal/recording-journal.ts'
import { RecordingJournal } from '../journal/recording-journal.ts'
import { AliveFile } from '../recorder/alive-file.ts'
import type { RecordingOutcome } from '../recorder/recorder-messages.ts'
import { FOLDER_FILES } from '../recorder/recording-folder.ts'
import { parseLayout } from '../request/parse-layout.ts'
import { isRejection } from '../upload/bucket.ts'
import { readImages } from '../upload/recorded-images.ts'
import type { UploadedRecording } from '../upload/recording-upload.ts'
import { RecordingUpload } from '../upload/recording-upload.ts'
import { retry } from '../upload/retry.ts'
import { Capture } from './capture.ts'
import { detailsOf, finalStatus } from './final-status.ts'
import { InfoReporter } from './info-reporter.ts'
import { nanoseconds } from './nanoseconds.ts'
import type { WorkerSettings } from './worker-settings.ts'

export interface RecordingOptions {
  folder: string
  settings: WorkerSettings
  entry: JournalEntry
}

/**
 * One egress from start to end: recorder process, file, upload, reports. Everything it knows is in its
 * journal, so another worker process can go on where this one was.
 */
export class Recording {
  readonly #folder: string
  readonly #settings: WorkerSettings
  readonly #entry: JournalEntry
  readonly #journal: RecordingJournal
  readonly #logger: Logger
  readonly #abandoned = new AbortController()
  readonly #reporter: InfoReporter
  readonly #upload: RecordingUpload
  readonly #capture: Capture
  #running: Promise<void> | null = null
  #isSetAside = false

  constructor({ folder, settings, entry }: RecordingOptions) {
    const { signal } = this.#abandoned
    this.#folder = folder
    this.#settings = settings
    this.#entry = entry
    this.#logger = settings.logger.child({ egressId: entry.info.egressId, roomName: entry.info.roomName })
    this.#journal = new RecordingJournal(folder)
    this.#reporter = new InfoReporter(settings.io, this.#logger, signal)
    this.#upload = new RecordingUpload(folder, entry.plan, signal)
    const { plan, info } = entry
    this.#capture = new Capture({
      folder,
      egressId: info.egressId,
      roomId: info.roomId,
      plan,
      settings,
      logger: this.#logger,
      signal,
      onStarted: (startedAtMs) => this.#onStarted(startedAtMs),
      onEnding: (end) => this.#setEnding(detailsOf(end, this.#entry.stopReason)),
      onImage: () => this.#sendImagesInBackground(),
    })
  }

  /** The info as it is now; a copy. */
  get info(): EgressInfo {
    return this.#entry.info.clone()
  }

  /** True while a recorder process may be at work; afterwards only upload and reports are left. */
  get isCapturing(): boolean {
    return this.#entry.phase === 'recording'
  }

  /** True if the bucket has refused the file for good: it stays in the folder, and the next worker tries again. */
  get isSetAside(): boolean {
    return this.#isSetAside
  }

  /** Resolves when the last report is delivered, or the worker is closed. */
  get ended(): Promise<void> {
    return this.#running ?? Promise.resolve()
  }

  /** Writes the journal for the first time. */
  async save(): Promise<void> {
    await this.#journal.write(this.#entry)
  }

  /**
   * Forks the recorder and sees the egress through to its end. Does not reject: what goes wrong is in the
   * EgressInfo. Resolves early, with the files kept, when `abandon` is called.
   */
  record(): Promise<void> {
    this.#running ??= this.#run(() => this.#capture.record())
    return this.#running
  }

  /** Goes on with what an earlier worker process has left. */
  recover(): Promise<void> {
    this.#running ??= this.#run(() => this.#capture.takeOver(this.#entry.startedAtMs))
    return this.#running
  }

  /** Asks for the end. Answers with status ENDING at once; a second call changes nothing. */
  stop(reason: StopReason): EgressInfo {
    if (this.#entry.stopReason === null && this.#entry.phase === 'recording') {
      this.#entry.stopReason = reason
      this.#setEnding(detailsOf('stopped', reason))
      this.#saveInBackground()
      this.#capture.stop()
    }
    return this.info
  }

  /** Changes the layout of a running recording. @param layout as in the request */
  setLayout(layout: string): EgressInfo {
    const { info, plan } = this.#entry
    Object.assign(plan, parseLayout(layout))
    if (info.request.case === 'roomComposite') info.request.value.layout = layout
    this.#capture.setLayout(plan.layout, plan.theme)
    this.#saveInBackground()
    return this.info
  }

  /** Lets go: no more uploads and reports. What is not finished waits in the folder for the next worker. */
  async abandon(): Promise<void> {
    this.stop('shutdown')
    await this.#capture.settled()
    this.#abandoned.abort(new Error('The egress worker was closed.'))
    await this.#running
  }

  async #run(capture: () => Promise<RecordingOutcome>): Promise<void> {
    const alive = await AliveFile.create(join(this.#folder, FOLDER_FILES.workerAlive))
    try {
      if (this.#entry.phase === 'recording') await this.#onOutcome(await this.#outcomeOf(capture))
      if (this.#entry.phase === 'saving') await this.#saveFiles()
      await this.#report()
      this.#logger.info({ status: EgressStatus[this.#entry.info.status] }, 'egress ended')
    } catch (error) {
      if (this.#abandoned.signal.aborted) return
      this.#logger.error({ err: error }, 'egress could not be brought to its end, its files are kept')
    } finally {
      alive.close()
      this.#upload.close()
    }
  }

  /** A recorder that can't even be started is a failure to report, like any other. */
  async #outcomeOf(capture: () => Promise<RecordingOutcome>): Promise<RecordingOutcome> {
    try {
      return await capture()
    } catch (error) {
      this.#abandoned.signal.throwIfAborted()
      this.#logger.error({ err: error }, 'recorder process could not be started')
      const message = `The recorder could not be started: ${error instanceof Error ? error.message : String(error)}`
      const { startedAtMs } = this.#entry
      return { end: 'failed', startedAtMs, endedAtMs: Date.now(), error: { code: 500, message }, file: null }
    }
  }

  async #onOutcome(outcome: RecordingOutcome): Promise<void> {
    this.#entry.outcome = outcome
    this.#entry.startedAtMs ??= outcome.startedAtMs
    if (this.#entry.startedAtMs !== null) this.#setEnding(detailsOf(outcome.end, this.#entry.stopReason))
    await this.#enterPhase('saving')
  }

  async #saveFiles(): Promise<void> {
    const { outcome, info, stopReason } = this.#entry
    if (!outcome) throw new Error('The journal has a recording to save without an outcome.')
    const final = finalStatus(outcome, stopReason)
    try {
      const uploaded = await this.#uploadAll(outcome)
      info.fileResults = this.#fileResults(outcome, uploaded)
      info.manifestLocation = uploaded?.manifestLocation ?? ''
      await this.#setImageResults(outcome)
    } catch (error) {
      this.#abandoned.signal.throwIfAborted()
      this.#logger.error({ err: error }, 'the bucket refuses the recording, it stays in the data folder')
      this.#isSetAside = true
      final.status = EgressStatus.EGRESS_FAILED
      final.error ||= `Uploading failed: ${error instanceof Error ? error.message : String(error)}`
      final.errorCode ||= 500
    }
    const [file] = info.fileResults
    if (file && info.imageResults.length === 0) info.result = { case: 'file', value: file }
    const now = nanoseconds(Date.now())
    Object.assign(info, final, { endedAt: now, updatedAt: now })
    // Set aside, the journal stays where it is: the next worker tries to save the file again
    if (!this.#isSetAside) await this.#enterPhase('reporting')
  }

  /** For as long as it takes, with `updatedAt` moving meanwhile. @returns null if there is no file */
  async #uploadAll(outcome: RecordingOutcome): Promise<UploadedRecording | null> {
    const { egressId, roomId, roomName } = this.#entry.info
    const { file, startedAtMs, endedAtMs } = outcome
    const context = { egressId, roomId, roomName, startedAtMs: startedAtMs ?? endedAtMs, endedAtMs }
    const { first, max } = this.#settings.uploadPauseMs
    const progress = setInterval(() => this.#set({}), this.#settings.progressIntervalMs)
    const begun = performance.now()
    try {
      return await retry(
        async () => {
          await this.#upload.sendImages()
          return file && (await this.#upload.sendFile(file, context))
        },
        {
          firstPauseMs: first,
          maxPauseMs: max,
          signal: this.#abandoned.signal,
          onFailure: (error, attempt, pauseMs) => {
            this.#logger.warn({ err: error, attempt, pauseMs }, 'upload failed, the recording waits on disk')
            const waitedMs = performance.now() - begun
            if (isRejection(error) && waitedMs > this.#settings.uploadRejectedLimitMs) throw error
          },
        },
      )
    } finally {
      clearInterval(progress)
    }
  }

  async #report(): Promise<void> {
    this.#reporter.push(this.#entry.info)
    await this.#reporter.flush()
    if (!this.#isSetAside) await rm(this.#folder, { recursive: true, force: true })
  }

  #fileResults(outcome: RecordingOutcome, uploaded: UploadedRecording | null): FileInfo[] {
    const { file, startedAtMs, endedAtMs } = outcome
    const filename = this.#entry.plan.file.key
    if (!file || !uploaded) return [new FileInfo({ filename })]
    return [
      new FileInfo({
        filename,
        startedAt: nanoseconds(startedAtMs ?? endedAtMs),
        endedAt: nanoseconds(endedAtMs),
        duration: nanoseconds(file.durationSeconds * 1000),
        size: BigInt(file.sizeBytes),
        location: uploaded.location,
      }),
    ]
  }

  async #setImageResults({ startedAtMs, endedAtMs }: RecordingOutcome): Promise<void> {
    const { plan, info } = this.#entry
    if (plan.images.length === 0) return
    const images = await readImages(this.#folder)
    info.imageResults = plan.images.map(
      ({ keyPrefix }, output) =>
        new ImagesInfo({
          filenamePrefix: keyPrefix,
          imageCount: BigInt(images.filter((image) => image.output === output).length),
          startedAt: nanoseconds(startedAtMs ?? endedAtMs),
          endedAt: nanoseconds(endedAtMs),
        }),
    )
  }

  #onStarted(startedAtMs: number): void {
    this.#entry.startedAtMs = startedAtMs
    const { info } = this.#entry
    info.startedAt = nanoseconds(startedAtMs)
    const [file] = info.fileResults
    if (file) file.startedAt = info.startedAt
    // A stop may have been faster
    this.#set(info.status === EgressStatus.EGRESS_STARTING ? { status: EgressStatus.EGRESS_ACTIVE } : {})
    this.#saveInBackground()
    this.#logger.info('recording started')
  }

  #setEnding(details: string): void {
    const { status } = this.#entry.info
    if (status === EgressStatus.EGRESS_STARTING || status === EgressStatus.EGRESS_ACTIVE) {
      this.#set({ status: EgressStatus.EGRESS_ENDING, details })
    }
  }

  /** Changes the info and reports it. */
  #set(change: Partial<Pick<EgressInfo, 'status' | 'details' | 'error' | 'errorCode'>>): void {
    Object.assign(this.#entry.info, change, { updatedAt: nanoseconds(Date.now()) })
    this.#reporter.push(this.#entry.info)
  }

  #sendImagesInBackground(): void {
    this.#upload.sendImages().catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'images not uploaded yet')
    })
  }

  async #enterPhase(phase: JournalEntry['phase']): Promise<void> {
    this.#entry.phase = phase
    // On a full disk the egress goes on all the same; only a restart would begin this phase anew
    await this.#journal.write(this.#entry).catch((error: unknown) => {
      this.#logger.error({ err: error, phase }, 'the journal can not be written')
    })
  }

  #saveInBackground(): void {
    this.#journal.write(this.#entry).catch((error: unknown) => {
      this.#logger.error({ err: error }, 'the journal can not be written')
    })
  }
}
