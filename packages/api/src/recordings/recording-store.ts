import { type RecordingInfo, RecordingInfoSchema } from '@roomreel/contracts'
import type { Logger } from 'pino'
import type { ObjectStore, StoredText } from '../storage/object-store.ts'
import type { RecordingKeys } from '../storage/recording-keys.ts'
import { type Claim, ClaimSchema, type StoredClaim } from './claim.ts'
import { mergeRecording } from './recording-state.ts'

/** How often a conditional write is tried anew when another replica was faster. */
const MAX_ATTEMPTS = 20

/** The durable half of the recording truth: claims of running recordings, and what is known of ended ones. */
export interface RecordingStore {
  getClaim(roomId: string): Promise<StoredClaim | undefined>
  /** @returns the new ETag; undefined when somebody else has changed the claim since `expected` */
  putClaim(claim: Claim, expected: StoredClaim | undefined): Promise<string | undefined>
  /** An ended recording, with or without a file. */
  getEnded(recordingName: string): Promise<RecordingInfo | undefined>
  /**
   * Keeps what is known of an ended recording, merged with what is already there.
   * @returns what is stored now, with its key and ETag
   */
  saveEnded(recording: RecordingInfo): Promise<{ key: string; etag: string; recording: RecordingInfo }>
  /** Parses a stored metadata text; undefined (and a warning) for one that is none. */
  parse(key: string, stored: StoredText): RecordingInfo | undefined
  parseClaim(key: string, stored: StoredText): StoredClaim | undefined
}

export function createRecordingStore(objects: ObjectStore, keys: RecordingKeys, log: Logger): RecordingStore {
  const parseJson = (key: string, text: string): unknown => {
    try {
      return JSON.parse(text)
    } catch (error) {
      log.warn({ key, err: error }, 'stored object is no JSON')
      return undefined
    }
  }
  const parse = (key: string, stored: StoredText): RecordingInfo | undefined => {
    const parsed = RecordingInfoSchema.safeParse(parseJson(key, stored.text))
    if (parsed.success) return parsed.data
    log.warn({ key, err: parsed.error }, 'stored object is no recording metadata')
    return undefined
  }
  const parseClaim = (key: string, stored: StoredText): StoredClaim | undefined => {
    const parsed = ClaimSchema.safeParse(parseJson(key, stored.text))
    if (parsed.success) return { claim: parsed.data, etag: stored.etag }
    log.warn({ key, err: parsed.error }, 'stored object is no claim')
    return undefined
  }

  return {
    parse,
    parseClaim,

    async getClaim(roomId) {
      const key = keys.claim(roomId)
      const stored = await objects.getText(key)
      return stored && parseClaim(key, stored)
    },

    putClaim: (claim, expected) =>
      objects.putJson(
        keys.claim(claim.roomId),
        claim,
        expected ? { ifMatch: expected.etag } : { ifNew: true },
      ),

    async getEnded(recordingName) {
      for (const key of [keys.metadata(recordingName), keys.failed(recordingName)]) {
        const stored = await objects.getText(key)
        const recording = stored && parse(key, stored)
        if (recording) return recording
      }
      return undefined
    },

    async saveEnded(recording) {
      const key = recording.size > 0 ? keys.metadata(recording.name) : keys.failed(recording.name)
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const stored = await objects.getText(key)
        const known = stored && parse(key, stored)
        const merged = mergeRecording(known, recording)
        if (stored && known && JSON.stringify(known) === JSON.stringify(merged)) {
          return { key, etag: stored.etag, recording: merged }
        }
        const etag = await objects.putJson(key, merged, stored ? { ifMatch: stored.etag } : { ifNew: true })
        if (etag !== undefined) return { key, etag, recording: merged }
      }
      throw new Error(`metadata of ${recording.name} kept changing under ${MAX_ATTEMPTS} writes`)
    },
  }
}
