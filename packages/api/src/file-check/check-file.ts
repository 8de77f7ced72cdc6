import type { RecordingCheck } from '@roomreel/contracts'
import { AppError } from '../app-error.ts'
import type { ObjectHead, ObjectStore } from '../storage/object-store.ts'
import { judgeFile } from './judge-file.ts'
import { readMp4Facts } from './read-mp4-facts.ts'

/** What a recording's file was found to be. */
export interface FileFinding {
  readonly check: RecordingCheck
  /** Bytes; 0 for a file that is missing. */
  readonly size: number
  /** Seconds: what the file says, else what was said before; 0 for a file that is missing. */
  readonly duration: number
}

const MISSING: FileFinding = { check: 'missing', size: 0, duration: 0 }
/** Looks at a file: the second for one that was replaced during the first. */
const MAX_LOOKS = 2

/**
 * Looks at a file in the storage: its size, and what it says of itself, in a few reads of parts of it.
 *
 * @param saidDuration seconds that the recorder said it recorded, 0 when it said nothing
 * @throws AppError SERVICE_UNAVAILABLE when the storage is away, or the file is replaced again and again: it is judged
 * only by what was seen of one and the same version
 */
export async function checkFile(
  objects: Pick<ObjectStore, 'head' | 'readBytes'>,
  key: string,
  saidDuration: number,
): Promise<FileFinding> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    const head = await objects.head(key)
    if (!head) return MISSING
    const facts = await readMp4Facts({
      size: head.size,
      read: async (start, length) => (await objects.readBytes(key, start, length)) ?? NOTHING,
    })
    if (!isSame(head, await objects.head(key))) continue
    return {
      check: judgeFile(facts, { duration: saidDuration }),
      size: head.size,
      duration: facts?.durationSeconds || saidDuration,
    }
  }
  throw new AppError('SERVICE_UNAVAILABLE', 'The file is being replaced just now. Try again in a moment.')
}

const NOTHING = new Uint8Array()

function isSame(before: ObjectHead, after: ObjectHead | undefined): boolean {
  return after?.etag === before.etag && after.size === before.size
}
