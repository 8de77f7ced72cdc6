import { isActiveStatus } from '@roomreel/contracts'
import { checkFile } from '../file-check/check-file.ts'
import type { Services } from '../services.ts'
import type { StoredRecording } from './stored-recording.ts'

/**
 * Looks at the file of an ended recording and keeps what it was found to be.
 * @returns the recording as it is kept now; undefined when nothing is kept under this name
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function checkRecording(
  services: Services,
  recordingName: string,
): Promise<StoredRecording | undefined> {
  const { index, keys, log, metrics, now, objects, store } = services
  const known = await store.getSaved(recordingName)
  if (!known || known.size === 0 || isActiveStatus(known.status)) return known
  const { check, size, duration } = await checkFile(objects, keys.file(recordingName), known.duration)
  const checkedAt = now()
  const updated = await store.update(recordingName, (saved) =>
    // Of a file that is gone it is still known how long it was
    check === 'missing' ? { ...saved, check, checkedAt } : { ...saved, check, size, duration, checkedAt },
  )
  if (!updated) return undefined
  metrics.fileChecked(check)
  index.put(updated.key, updated.etag, updated.recording)
  log[check === 'verified' ? 'info' : 'warn']({ recordingName, recordingId: known.id, check }, 'file checked')
  return updated.recording
}

/** Looks at a file behind the caller's back; what goes wrong is made up for by the reconciler. */
export function checkRecordingSoon(services: Services, recordingName: string): void {
  checkRecording(services, recordingName).catch((error: unknown) => {
    services.log.warn({ err: error, recordingName }, 'file could not be checked')
  })
}
