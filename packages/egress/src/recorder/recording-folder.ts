import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { RecordingOutcome } from './recorder-messages.ts'

/** Names of the files in a recording's folder. */
export const FOLDER_FILES = {
  /** Written while recording; hybrid fragmented MP4. */
  recording: 'recording.mp4',
  /** Made at the end, with the index in front. */
  fastStart: 'fast-start.mp4',
  outcome: 'outcome.json',
  journal: 'journal.json',
  /** Touched by the recorder process while it lives. */
  recorderAlive: 'recorder.alive',
  /** Touched by the worker that looks after the recording. */
  workerAlive: 'worker.alive',
  log: 'recorder.log',
  /** List of the images taken, a line of JSON each. */
  images: 'images.jsonl',
} as const

/** Writes a file so that it is there whole or not at all, also after a crash of the machine. */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  {
    // Storage keys of a request are in the journal
    await using file = await open(temporary, 'w', 0o600)
    await file.writeFile(content)
    await file.sync()
  }
  await rename(temporary, path)
}

export async function writeOutcome(folder: string, outcome: RecordingOutcome): Promise<void> {
  await writeFileAtomically(join(folder, FOLDER_FILES.outcome), JSON.stringify(outcome))
}

/** @returns null if there is none, or none that can be read: the file is then salvaged anew */
export async function readOutcome(folder: string): Promise<RecordingOutcome | null> {
  try {
    const text = await readFile(join(folder, FOLDER_FILES.outcome), 'utf8')
    return RecordingOutcome.parse(JSON.parse(text))
  } catch {
    return null
  }
}
