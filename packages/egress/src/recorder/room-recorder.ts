import { join } from 'node:path'
import { AudioMixer } from '../audio/audio-mixer.ts'
import { Compositor } from '../composite/compositor.ts'
import { Mp4Recording } from '../encode/mp4-recording.ts'
import type { LayoutName, ThemeName } from '../request/recording-plan.ts'
import { followLayout } from './follow-layout.ts'
import { ImageTaker } from './image-taker.ts'
import type { RecordedImage, RecorderStats, RecordingEnd, RecordJob } from './recorder-messages.ts'
import { FOLDER_FILES } from './recording-folder.ts'
import { RoomConnection } from './room-connection.ts'
import { RoomWatcher } from './room-watcher.ts'
import { SlotPacer } from './slot-pacer.ts'

/** Audio alone is mixed this often. */
const AUDIO_ONLY_SLOTS_PER_SECOND = 25
/** LiveKit accepts both, rtc-node wants this. */
const WEBSOCKET_SCHEME: Record<string, string> = { 'http:': 'ws:', 'https:': 'wss:' }

/** What a recording tells while it runs. */
export interface RoomRecorderEvents {
  /** The first picture or sound is on its way to the file. */
  onStarted(startedAtMs: number): void
  /** The recording is about to end; the file is not complete yet. */
  onEnding(end: RecordingEnd): void
  onImage(image: RecordedImage): void
  onLog(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>): void
}

export interface CapturedRecording {
  end: RecordingEnd
  startedAtMs: number | null
  endedAtMs: number
  error: { code: number; message: string } | null
}

/** Records one room into one file, from joining to the closed (not yet fast-start) file. */
export class RoomRecorder {
  readonly #job: RecordJob
  readonly #events: RoomRecorderEvents
  readonly #compositor: Compositor | null
  readonly #mixer: AudioMixer | null
  readonly #watcher: RoomWatcher
  readonly #connection: RoomConnection
  readonly #ended: Promise<Ending>
  #end: (ending: Ending) => void = () => undefined
  #isEnding = false
  #recording: Mp4Recording | null = null
  #pacer: SlotPacer | null = null
  #imageTakers: ImageTaker[] = []
  #startedAtMs: number | null = null
  #pictures = 0

  constructor(job: RecordJob, events: RoomRecorderEvents) {
    const { video, audio, layout, theme } = job.plan
    this.#job = job
    this.#events = events
    this.#compositor = video && new Compositor({ ...video, layout, theme })
    this.#mixer = audio && new AudioMixer(audio.sampleRateHz)
    this.#ended = new Promise((resolve) => (this.#end = resolve))
    this.#watcher = new RoomWatcher({
      wantVideo: video !== null,
      audioRateHz: audio?.sampleRateHz ?? null,
      listener: {
        onPerson: (identity, name) => this.#compositor?.setPerson(identity, name),
        onPersonLeft: (identity) => this.#compositor?.removePerson(identity),
        onSpeakers: (identities) => this.#compositor?.setSpeakers(identities),
        onPicture: (identity, kind, picture) => this.#compositor?.pushPicture(identity, kind, picture),
        onVideoGone: (identity, kind) => this.#compositor?.clearVideo(identity, kind),
        onAudioTrack: (sid) => this.#mixer?.addTrack(sid),
        onAudio: (sid, samples, channels) =>
          this.#mixer?.push(sid, samples, channels, this.#pacer?.nowSeconds ?? -1),
        onAudioTrackGone: (sid) => this.#mixer?.removeTrack(sid),
        onTrackError: (error) =>
          this.#events.onLog('warn', 'a track can not be read', { error: messageOf(error) }),
      },
    })
    this.#connection = new RoomConnection({
      url: websocketUrl(job.livekitUrl),
      token: job.token,
      roomId: job.roomId,
      autoSubscribe: this.#watcher.wantsEverything,
      joinTimeoutMs: job.joinTimeoutMs,
      rejoinTimeoutMs: job.rejoinTimeoutMs,
      onRoom: (room) => {
        this.#watcher.watch(room)
        followLayout(room, (layout, theme) => this.setLayout(layout, theme))
      },
      onJoined: (room) => this.#watcher.syncPeople(room),
      onLost: () => this.#watcher.forgetTracks(),
      onLog: (message, fields) => this.#events.onLog('warn', message, fields),
    })
  }

  /** Ends the recording: `run` then completes the file and returns. A second call does nothing. */
  stop(): void {
    this.#endWith({ end: 'stopped', error: null })
  }

  setLayout(layout: LayoutName, theme: ThemeName): void {
    this.#compositor?.setLayout(layout, theme)
  }

  get stats(): RecorderStats {
    const { user, system } = process.cpuUsage()
    return {
      pictures: this.#pictures,
      skippedSlots: this.#pacer?.skipped ?? 0,
      droppedPictures: this.#recording?.droppedPictures ?? 0,
      droppedBlocks: this.#recording?.droppedBlocks ?? 0,
      replacedPictures: this.#compositor?.replacedPictures ?? 0,
      audioMoves: this.#mixer?.moves ?? 0,
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
    }
  }

  /** Records until something ends it. Never rejects: a failure is an ending, too. */
  async run(): Promise<CapturedRecording> {
    const limit = setTimeout(
      () => this.#endWith({ end: 'limit_reached', error: null }),
      this.#job.maxDurationMs,
    )
    const starting = this.#start()
    const ending = await this.#ended
    clearTimeout(limit)
    if (this.#startedAtMs !== null) this.#events.onEnding(ending.end)
    const endedAtMs = Date.now()
    const error = await this.#finish(starting, ending)
    const captured = { startedAtMs: this.#startedAtMs, endedAtMs }
    if (error) return { ...captured, end: 'failed', error }
    if (this.#startedAtMs === null)
      return { ...captured, end: 'aborted', error: ending.error ?? STOPPED_TOO_EARLY }
    return { ...captured, ...ending }
  }

  async #start(): Promise<void> {
    try {
      const { end } = await this.#connection.join()
      end
        .then((reason) => {
          if (reason.kind === 'room_ended') this.#endWith({ end: 'source_closed', error: null })
          if (reason.kind === 'lost') {
            this.#endWith({
              end: 'failed',
              error: { code: 503, message: `Lost the connection to LiveKit: ${reason.message}` },
            })
          }
          return undefined
        })
        .catch((error: unknown) => this.#fail(error))
    } catch (error) {
      this.#events.onLog('warn', 'the room could not be joined', { error: messageOf(error) })
      this.#endWith({ end: 'aborted', error: { code: 412, message: 'Start signal not received' } })
      return
    }
    if (this.#isEnding) return
    try {
      await this.#startRecording()
    } catch (error) {
      this.#fail(error)
    }
  }

  async #startRecording(): Promise<void> {
    const { plan, folder } = this.#job
    this.#recording = await Mp4Recording.create({
      path: join(folder, FOLDER_FILES.recording),
      video: plan.video,
      audio: plan.audio,
      onError: (error) => this.#fail(error),
    })
    if (this.#isEnding) return
    const compositor = this.#compositor
    if (compositor) {
      this.#imageTakers = plan.images.map(
        (image, output) =>
          new ImageTaker({
            plan: image,
            output,
            folder,
            canvas: compositor.canvas,
            onImage: (taken) => this.#events.onImage(taken),
            onError: (error) =>
              this.#events.onLog('warn', 'an image could not be taken', { error: messageOf(error) }),
          }),
      )
    }
    this.#pacer = new SlotPacer({
      slotsPerSecond: plan.video?.framesPerSecond ?? AUDIO_ONLY_SLOTS_PER_SECOND,
      onSlot: (slot) => this.#onSlot(slot),
      onError: (error) => this.#fail(error),
    })
    this.#startedAtMs = Date.now()
    this.#pacer.start()
    this.#events.onStarted(this.#startedAtMs)
  }

  #onSlot(slot: number): void {
    const nowSeconds = this.#pacer?.nowSeconds ?? 0
    for (const block of this.#mixer?.takeDue(nowSeconds) ?? []) this.#recording?.writeAudio(block)
    const canvas = this.#compositor?.render()
    if (!canvas) return
    const sizes = this.#compositor?.takeTileSizes()
    if (sizes) this.#watcher.requestSizes(sizes)
    this.#recording?.writePicture(canvas, slot)
    this.#pictures++
    for (const taker of this.#imageTakers) taker.onTime(nowSeconds)
  }

  /** @returns what went wrong while the file was completed, or what had gone wrong before */
  async #finish(starting: Promise<void>, ending: Ending): Promise<Ending['error']> {
    const nowSeconds = this.#pacer?.nowSeconds ?? 0
    this.#pacer?.stop()
    const { audio } = this.#job.plan
    if (audio && this.#mixer) {
      const last = Math.floor(nowSeconds * audio.sampleRateHz)
      for (const block of this.#mixer.takeUntil(last)) this.#recording?.writeAudio(block)
    }
    this.#watcher.close()
    // Leaving may take seconds; the file does not wait for it, and the process ends soon after
    const leaving = this.#connection.close()
    leaving.catch((error: unknown) =>
      this.#events.onLog('warn', 'leaving the room failed', { error: messageOf(error) }),
    )
    await starting
    let error = ending.end === 'failed' ? ending.error : null
    try {
      await Promise.all(this.#imageTakers.map((taker) => taker.finish()))
      await this.#recording?.close()
    } catch (closeError) {
      error ??= { code: 500, message: messageOf(closeError) }
    }
    this.#compositor?.[Symbol.dispose]()
    return error
  }

  #fail(error: unknown): void {
    this.#endWith({ end: 'failed', error: { code: 500, message: messageOf(error) } })
  }

  #endWith(ending: Ending): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#end(ending)
  }
}

interface Ending {
  end: RecordingEnd
  error: { code: number; message: string } | null
}

const STOPPED_TOO_EARLY = { code: 412, message: 'Stop called before pipeline could start' }

function websocketUrl(url: string): string {
  const parsed = new URL(url)
  const scheme = WEBSOCKET_SCHEME[parsed.protocol]
  return scheme ? url.replace(parsed.protocol, scheme) : url
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
