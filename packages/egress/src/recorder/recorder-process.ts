import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AliveFile } from './alive-file.ts'
import { finaliseFile } from './finalise-file.ts'
import type { CapturedRecording, RoomRecorder } from './room-recorder.ts'
import type { RecorderMessage, RecordingOutcome, RecordJob, SalvageJob } from './recorder-messages.ts'
import { WorkerMessage } from './recorder-messages.ts'
import { FOLDER_FILES, writeOutcome } from './recording-folder.ts'

/**
 * A process of its own per recording, forked by the worker, so that neither a crash in native code nor a
 * busy encoder touches anyone else. Its first message is the job. It ends by itself when the job is done,
 * also when the worker has died: the outcome is then in the folder.
 */

/** Leaving the room and freeing rtc-node may hang; everything is saved by then. */
const DISPOSE_TIMEOUT_MS = 3000

// Ctrl-C reaches the whole process group, but only the worker decides what to do about it
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
// A worker that is gone must not take the recording with it through a closed pipe
process.on('SIGPIPE', () => undefined)

let stopRequested = false
let stop = () => {
  stopRequested = true
}
let setLayout: RoomRecorder['setLayout'] = () => undefined
process.on('SIGTERM', () => stop())
process.on('disconnect', () => stop())

process.once('message', (message) => {
  const parsed = WorkerMessage.safeParse(message)
  if (!parsed.success || (parsed.data.type !== 'record' && parsed.data.type !== 'salvage')) {
    process.exitCode = 2
    process.disconnect()
    return
  }
  process.on('message', onLaterMessage)
  const job = parsed.data
  work(job).then(exit, (error: unknown) => {
    log('error', 'the recorder process failed', {
      error: error instanceof Error ? error.stack : String(error),
    })
    setImmediate(() => process.exit(1))
  })
})

function onLaterMessage(message: unknown): void {
  const parsed = WorkerMessage.safeParse(message)
  if (!parsed.success) return
  if (parsed.data.type === 'stop') stop()
  if (parsed.data.type === 'layout') setLayout(parsed.data.layout, parsed.data.theme)
}

async function work(job: RecordJob | SalvageJob): Promise<void> {
  const alive = await AliveFile.create(join(job.folder, FOLDER_FILES.recorderAlive))
  try {
    const outcome = job.type === 'record' ? await record(job) : await salvage(job)
    await writeOutcome(job.folder, outcome).catch((error: unknown) => {
      // On a full disk the worker still hears of it
      log('warn', 'the outcome could not be written', { error: String(error) })
    })
    send({ type: 'finished', outcome })
  } finally {
    alive.close()
  }
}

async function record(job: RecordJob): Promise<RecordingOutcome> {
  const { RoomRecorder } = await import('./room-recorder.ts')
  const recorder = new RoomRecorder(job, {
    onStarted: (startedAtMs) => send({ type: 'started', startedAtMs }),
    onEnding: (end) => send({ type: 'ending', end }),
    onImage: (image) => send({ type: 'image', image }),
    onLog: log,
  })
  const heartbeat = setInterval(() => send({ type: 'heartbeat', stats: recorder.stats }), job.heartbeatMs)
  stop = () => recorder.stop()
  setLayout = (layout, theme) => recorder.setLayout(layout, theme)
  if (stopRequested) stop()
  try {
    const captured: CapturedRecording = await recorder.run()
    log('debug', 'recording captured', { ...recorder.stats, end: captured.end })
    return { ...captured, file: await finaliseFile(job.folder, onNoFastStart) }
  } finally {
    clearInterval(heartbeat)
  }
}

async function salvage(job: SalvageJob): Promise<RecordingOutcome> {
  const heartbeat = setInterval(() => send({ type: 'heartbeat', stats: null }), job.heartbeatMs)
  try {
    const file = await finaliseFile(job.folder, onNoFastStart)
    const { startedAtMs, error } = job
    const endedAtMs = startedAtMs === null || !file ? Date.now() : startedAtMs + file.durationSeconds * 1000
    return { end: 'failed', startedAtMs, endedAtMs, error, file }
  } finally {
    clearInterval(heartbeat)
  }
}

function onNoFastStart(error: unknown): void {
  log('warn', 'the recording is kept as it is, its index could not be moved to the front', {
    error: String(error),
  })
}

function log(
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields: Record<string, unknown>,
): void {
  send({ type: 'log', level, message, fields })
}

function send(message: RecorderMessage): void {
  if (!process.connected) return
  // The worker may go away at any moment; "disconnect" then tells
  process.send?.(message, undefined, undefined, () => undefined)
}

/** rtc-node's threads keep a process alive, and `dispose` has no time limit. */
async function exit(): Promise<void> {
  const { dispose } = await import('@livekit/rtc-node')
  await Promise.race([dispose(), delay(DISPOSE_TIMEOUT_MS)])
  process.exit(0)
}
