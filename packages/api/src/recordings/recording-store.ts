import { isActiveStatus } from '@roomreel/contracts'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { AppError } from '../app-error.ts'
import type { ObjectStore, StoredText } from '../storage/object-store.ts'
import type { RecordingKeys } from '../storage/recording-keys.ts'
import { type Claim, ClaimSchema, type StoredClaim } from './claim.ts'
import { mergeRecording } from './merge-recording.ts'
import { nameWithoutFile } from './recording-from-egress.ts'
import { type StoredRecording, StoredRecordingSchema } from './stored-recording.ts'
import { type Tombstone, TombstoneSchema } from './tombstone.ts'

/** How often a conditional write is tried anew when another replica was faster. */
const MAX_ATTEMPTS = 20

/** The durable half of the recording truth: claims of running recordings, and what is known of the others. */
export interface RecordingStore {
  getClaim(roomId: string): Promise<StoredClaim | undefined>
  /** @returns the new ETag; undefined when somebody else has changed the claim since `expected` */
  putClaim(claim: Claim, expected: StoredClaim | undefined): Promise<string | undefined>
  /** What is kept of a recording outside its claim: with its file, or without one. */
  getSaved(recordingName: string): Promise<StoredRecording | undefined>
  /**
   * Keeps what is known of a recording, merged with what is already there.
   * @returns what is stored now
   */
  save(recording: StoredRecording): Promise<SavedRecording>
  /**
   * Changes what is kept of a recording, if anything is; a deleted one does not come back.
   * @returns what is stored now; undefined when nothing is kept of it
   */
  update(
    recordingName: string,
    change: (saved: StoredRecording) => StoredRecording,
  ): Promise<SavedRecording | undefined>
  getTombstone(recordingName: string): Promise<Tombstone | undefined>
  putTombstone(tombstone: Tombstone): Promise<string>
  /** Parses a stored metadata text; undefined (and a warning) for one that is none. */
  parse(key: string, stored: StoredText): StoredRecording | undefined
  parseClaim(key: string, stored: StoredText): StoredClaim | undefined
}

/** What is stored, where, and as which version. */
export interface SavedRecording {
  readonly key: string
  readonly etag: string
  readonly recording: StoredRecording
}

export function createRecordingStore(objects: ObjectStore, keys: RecordingKeys, log: Logger): RecordingStore {
  const parseAs = <Parsed>(schema: z.ZodType<Parsed>, key: string, text: string): Parsed | undefined => {
    try {
      const parsed = schema.safeParse(JSON.parse(text))
      if (parsed.success) return parsed.data
      log.warn({ key, err: parsed.error }, 'a stored object is not what its key says')
    } catch (error) {
      log.warn({ key, err: error }, 'a stored object is no JSON')
    }
    return undefined
  }
  const parse = (key: string, { text }: StoredText) => parseAs(StoredRecordingSchema, key, text)
  const parseClaim = (key: string, { text, etag }: StoredText): StoredClaim | undefined => {
    const claim = parseAs(ClaimSchema, key, text)
    return claim && { claim, etag }
  }

  /** Writes what `change` makes of what is there, as often as others are faster. */
  const write = async (
    key: string,
    change: (known: StoredRecording | undefined) => StoredRecording | undefined,
  ): Promise<SavedRecording | undefined> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const stored = await objects.getText(key)
      const known = stored && parse(key, stored)
      const recording = change(known)
      if (!recording) return undefined
      if (stored && known && isDeepStrictEqual(known, recording)) {
        return { key, etag: stored.etag, recording }
      }
      const etag = await objects.putJson(key, recording, stored ? { ifMatch: stored.etag } : { ifNew: true })
      if (etag !== undefined) return { key, etag, recording }
    }
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      'Too much is happening with this recording at once. Try again in a moment.',
    )
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

    async getSaved(recordingName) {
      for (const key of [keys.metadata(recordingName), keys.failed(recordingName)]) {
        const stored = await objects.getText(key)
        const recording = stored && parse(key, stored)
        if (recording) return recording
      }
      return undefined
    },

    async save(recording) {
      const isKeptWithFile = recording.size > 0 && !isActiveStatus(recording.status)
      const named = isKeptWithFile ? recording : withoutFile(recording)
      const key = isKeptWithFile ? keys.metadata(named.name) : keys.failed(named.name)
      const saved = await write(key, (known) => ({ ...mergeRecording(known, named), name: named.name }))
      if (!saved) throw new Error(`nothing was written to ${key}`)
      return saved
    },

    async update(recordingName, change) {
      for (const key of [keys.metadata(recordingName), keys.failed(recordingName)]) {
        const updated = await write(key, (known) => known && change(known))
        if (updated) return updated
      }
      return undefined
    },

    async getTombstone(recordingName) {
      const key = keys.tombstone(recordingName)
      const stored = await objects.getText(key)
      return stored && parseAs(TombstoneSchema, key, stored.text)
    },

    async putTombstone(tombstone) {
      const etag = await objects.putJson(keys.tombstone(tombstone.name), tombstone)
      return etag ?? ''
    },
  }
}

function withoutFile(recording: StoredRecording): StoredRecording {
  const name = nameWithoutFile(recording)
  if (recording.name === name) return recording
  return { ...recording, name, ...(recording.name && { expectedName: recording.name }) }
}
