import type { RecordingCheck } from '@roomreel/contracts'
import type { ObjectStore } from '../storage/object-store.ts'

/** What a recording's file was found to be. */
export interface FileFinding {
  readonly check: RecordingCheck
  /** Bytes. */
  readonly size: number
  /** Seconds. */
  readonly duration: number
}

/**
 * Looks at a file in the storage.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function checkFile(
  objects: ObjectStore,
  key: string,
  saidDuration: number,
): Promise<FileFinding> {
  const head = await objects.head(key)
  if (!head) return { check: 'missing', size: 0, duration: 0 }
  return { check: head.size > 0 ? 'verified' : 'damaged', size: head.size, duration: saidDuration }
}
