import type { RecordingInfo } from '@roomreel/contracts'
import { checkFile } from '../file-check/check-file.ts'
import { mergeRecording } from '../recordings/merge-recording.ts'
import type { StoredRecording } from '../recordings/stored-recording.ts'
import type { Services } from '../services.ts'
import { partsOfName } from './parts-of-name.ts'

/**
 * Makes a recording of a file of which nothing is known: what its name says, and what the file itself says.
 * @returns undefined when the file has gone meanwhile
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function adoptFile(
  services: Services,
  recordingName: string,
  lastModified: Date,
): Promise<RecordingInfo | undefined> {
  const { index, keys, log, now, objects, store } = services
  const { check, size, duration } = await checkFile(objects, keys.file(recordingName), 0)
  if (check === 'missing') return undefined
  const { roomName, roomId, startedAt } = partsOfName(recordingName)
  const picture = keys.thumbnailFor(recordingName)
  const hasPicture = (await objects.head(keys.file(picture))) !== undefined
  const found: StoredRecording = {
    id: '',
    name: recordingName,
    roomName,
    roomId,
    startedAt: startedAt ?? Math.max(0, lastModified.getTime() - duration * 1000),
    duration,
    size,
    status: 'COMPLETE',
    check,
    checkedAt: now(),
    ...(hasPicture && { thumbnail: picture }),
  }
  const lost = await findLost(services, found)
  const saved = await store.save(lost ? mergeRecording(found, { ...lost, name: recordingName, size }) : found)
  index.put(saved.key, saved.etag, saved.recording)
  if (lost) {
    await objects.delete(keys.failed(lost.name))
    index.remove(keys.failed(lost.name))
  }
  log.info({ recordingName, check }, 'file adopted')
  return saved.recording
}

/** The record of a recording whose file was not there when it ended: this file. */
async function findLost(
  { index, store }: Services,
  found: StoredRecording,
): Promise<StoredRecording | undefined> {
  for (const { name, roomId, size } of index.all()) {
    if (size > 0 || roomId !== found.roomId) continue
    const saved = await store.getSaved(name)
    if (saved?.expectedName === found.name) return saved
  }
  return undefined
}
