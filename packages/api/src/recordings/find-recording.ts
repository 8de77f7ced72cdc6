import { isActiveStatus, type RecordingInfo } from '@roomreel/contracts'
import { type LibraryPrincipal, maySeeRecording } from '../access/principal.ts'
import { AppError } from '../app-error.ts'
import type { Services } from '../services.ts'

/**
 * One recording by its name, running or ended.
 * @throws AppError NOT_FOUND when it is not there or is none of the caller's; SERVICE_UNAVAILABLE
 */
export async function findRecording(
  services: Services,
  principal: LibraryPrincipal,
  recordingName: string,
): Promise<RecordingInfo> {
  const recording = await lookUp(services, recordingName)
  if (!recording || !maySeeRecording(principal, recording)) throw recordingNotFound()
  return recording
}

export function recordingNotFound(): AppError {
  return new AppError('NOT_FOUND', 'This recording is not there. It may have been deleted.')
}

/** S3 is asked, not the cache: another replica may have saved or deleted it a moment ago. */
async function lookUp({ store, index }: Services, recordingName: string): Promise<RecordingInfo | undefined> {
  const [saved, tombstone] = await Promise.all([
    store.getSaved(recordingName),
    store.getTombstone(recordingName),
  ])
  // What is left of a deleted one is on its way out
  if (tombstone) return undefined
  if (saved) return { ...saved, name: saved.name || recordingName }
  const running = index.get(recordingName)
  return running && isActiveStatus(running.status) ? running : undefined
}
