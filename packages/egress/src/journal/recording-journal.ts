import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EgressInfo } from '@livekit/protocol'
import { z } from 'zod'
import { RecordingOutcome } from '../recorder/recorder-messages.ts'
import { FOLDER_FILES, writeFileAtomically } from '../recorder/recording-folder.ts'
import { RecordingPlan } from '../request/recording-plan.ts'

/**
 * How far a recording has come.
 * - `recording`: a recorder process is at it, or has left something behind
 * - `saving`: the outcome is known, the file has to get to S3
 * - `reporting`: all is saved, the last EgressInfo has to be delivered
 */
export const RecordingPhase = z.enum(['recording', 'saving', 'reporting'])
export type RecordingPhase = z.infer<typeof RecordingPhase>

/** Who asked a recording to stop: the API, or the worker that is shutting down. */
export const StopReason = z.enum(['api', 'shutdown'])
export type StopReason = z.infer<typeof StopReason>

const JournalFile = z.object({
  version: z.literal(1),
  phase: RecordingPhase,
  plan: RecordingPlan,
  /** EgressInfo as protobuf JSON, secrets redacted. */
  info: z.string(),
  startedAtMs: z.number().nullable(),
  stopReason: StopReason.nullable(),
  outcome: RecordingOutcome.nullable(),
})

/** What has to survive the worker process, per recording. */
export interface JournalEntry {
  phase: RecordingPhase
  plan: RecordingPlan
  info: EgressInfo
  startedAtMs: number | null
  stopReason: StopReason | null
  outcome: RecordingOutcome | null
}

/**
 * The journal of one recording: a file in its folder, replaced as a whole and synced. Holds the upload keys
 * of the request, so it is readable by its owner alone.
 */
export class RecordingJournal {
  readonly #path: string
  #writing: Promise<void> = Promise.resolve()

  constructor(folder: string) {
    this.#path = join(folder, FOLDER_FILES.journal)
  }

  /** Writes the entry as it is at this moment, after earlier writes. @throws if the disk won't have it */
  async write(entry: JournalEntry): Promise<void> {
    const content = JSON.stringify({ version: 1, ...entry, info: entry.info.toJsonString() })
    const written = this.#writing.then(() => writeFileAtomically(this.#path, content))
    this.#writing = written.catch(() => undefined)
    await written
  }

  /** @throws if there is no journal, or none this version understands */
  async read(): Promise<JournalEntry> {
    const { info, ...rest } = JournalFile.parse(JSON.parse(await readFile(this.#path, 'utf8')))
    return { ...rest, info: EgressInfo.fromJsonString(info, { ignoreUnknownFields: true }) }
  }
}
