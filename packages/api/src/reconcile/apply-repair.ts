import { applyEgressInfo } from '../recordings/apply-news.ts'
import { checkRecording } from '../recordings/check-recording.ts'
import { finishDeletion } from '../recordings/finish-deletion.ts'
import { tellRoom } from '../recordings/tell-room.ts'
import { watchClaim } from '../recordings/watch-claim.ts'
import type { Services } from '../services.ts'
import { adoptFile } from './adopt-file.ts'
import type { Repair } from './repair.ts'

/**
 * Puts one thing right. What has changed since it was planned is seen by whoever does it: nothing is overwritten
 * that is newer, and a repeat does no harm.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function applyRepair(services: Services, repair: Repair): Promise<void> {
  const { index, keys, objects } = services
  switch (repair.kind) {
    case 'take-news':
      await applyEgressInfo(services, repair.info, 'list')
      return
    case 'settle-claim':
      await watchClaim(services, repair.claim)
      return
    case 'adopt-file':
      await adoptFile(services, repair.recordingName, repair.lastModified)
      return
    case 'check-file':
      await checkRecording(services, repair.recordingName)
      return
    case 'finish-deletion':
      await finishOrBringBack(services, repair)
      return
    case 'drop-double':
      await objects.delete(keys.failed(repair.recordingName))
      index.remove(keys.failed(repair.recordingName))
      return
    case 'correct-room':
      await tellRoom(
        services,
        repair,
        index.all().find(({ id }) => id !== '' && id === repair.recordingId),
      )
      return
    case 'sweep':
      await objects.delete(repair.key)
      index.remove(repair.key)
  }
}

/** A file that is there although its deletion was completed has been put back by somebody who wants it. */
async function finishOrBringBack(
  services: Services,
  { recordingName, lastModified }: Extract<Repair, { kind: 'finish-deletion' }>,
): Promise<void> {
  const { index, keys, objects, store } = services
  const tombstone = await store.getTombstone(recordingName)
  if (!tombstone) return
  const isPutBack =
    tombstone.state === 'deleted' && (await objects.head(keys.file(recordingName))) !== undefined
  if (!isPutBack) {
    await finishDeletion(services, tombstone)
    return
  }
  await objects.delete(keys.tombstone(recordingName))
  index.remove(keys.tombstone(recordingName))
  if (!(await store.getSaved(recordingName))) await adoptFile(services, recordingName, lastModified)
}
