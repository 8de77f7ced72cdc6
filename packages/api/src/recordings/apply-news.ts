import { isActiveStatus, parseRoomMetadata, type RecordingInfo, type RoomMetadata } from '@roomreel/contracts'
import type { EgressInfo } from 'livekit-server-sdk'
import { findEgress } from '../livekit/find-egress.ts'
import { findRoom } from '../rooms/find-room.ts'
import type { Services } from '../services.ts'
import { checkRecordingSoon } from './check-recording.ts'
import { changeClaim, freed, held } from './claim-changes.ts'
import { nameWithoutFile, recordingFromEgress } from './recording-from-egress.ts'
import { stopEgress } from './stop-egress.ts'
import type { StoredRecording } from './stored-recording.ts'
import { type Effect, type News, type Situation, takeNews } from './take-news.ts'
import { tellRoom } from './tell-room.ts'

/** News that leads to a question to LiveKit, whose answer leads to another: never more than this. */
const MAX_QUESTIONS = 2

/**
 * The one way in for news of an egress, whoever brought it: the answer to start or stop, a webhook, or a look at
 * LiveKit's list. It can be repeated, and what is older than what is known changes nothing. When it returns, the
 * news is stored; the room is told last, when a new start is possible.
 * @returns the recording as it is known now; undefined when this egress is none of ours, or deleted
 * @throws AppError SERVICE_UNAVAILABLE when it could not be stored: bring the news again
 */
export function applyEgressInfo(
  services: Services,
  info: EgressInfo,
  source: News['source'],
): Promise<RecordingInfo | undefined> {
  const recording = recordingFromEgress(info, services.keys)
  if (!recording) return Promise.resolve(undefined)
  if (info.error) {
    services.log.warn(
      { recordingId: recording.id, status: recording.status, error: info.error },
      'the recorder reports a problem',
    )
  }
  return applyNews(services, { recording, source })
}

/** See `applyEgressInfo`; for news that no EgressInfo tells, such as that an egress is given up. */
export function applyNews(services: Services, news: News): Promise<RecordingInfo | undefined> {
  return services.roomQueue.run(news.recording.roomId, () => take(services, news, MAX_QUESTIONS))
}

async function take(
  services: Services,
  heard: News,
  questionsLeft: number,
): Promise<StoredRecording | undefined> {
  const news = { ...heard, recording: await believeStorage(services, heard.recording) }
  const situation = await situationOf(services, news.recording)
  if (!situation) return undefined
  const { recording, effects } = takeNews(situation, news)
  let known = recording
  for (const effect of effects) {
    if (effect.type === 'ask-livekit') {
      const current = questionsLeft > 0 ? await askLiveKit(services, news.recording.id) : undefined
      return current && take(services, { recording: current, source: 'list' }, questionsLeft - 1)
    }
    known = (await perform(services, effect, known ?? news.recording)) ?? known
  }
  return known
}

/** @returns what is stored now, where the effect stores something */
async function perform(
  services: Services,
  effect: Exclude<Effect, { type: 'ask-livekit' }>,
  recording: StoredRecording,
): Promise<StoredRecording | undefined> {
  const { roomId, id } = recording
  switch (effect.type) {
    case 'save':
      return save(services, effect.recording)
    case 'hold': {
      const claim = await changeClaim(services, roomId, (current) =>
        held(current, effect.recording, services.now()),
      )
      return claim?.state === 'held' && claim.recording?.id === id ? claim.recording : undefined
    }
    case 'free':
    case 'free-pending': {
      const holder = effect.type === 'free' ? id : undefined
      await changeClaim(services, roomId, (current) => freed(current, holder, services.now()))
      return undefined
    }
    case 'tell-room':
      await tellRoom(services, recording, recording)
      return undefined
    case 'correct-room':
      await tellRoom(services, recording, recording, (says) => believesToRun(says, id))
      return undefined
    case 'check-file':
      checkRecordingSoon(services, recording.name)
      return undefined
    case 'stop-egress':
      await stopUnwanted(services, id)
      return undefined
  }
}

/** Of a recorder that was killed LiveKit says that it runs, and nobody is there to stop it. */
async function stopUnwanted(services: Services, egressId: string): Promise<void> {
  try {
    await stopEgress(services, egressId)
    services.log.warn({ recordingId: egressId }, 'stopped an egress that nobody waits for')
  } catch (error) {
    services.log.warn(
      { err: error, recordingId: egressId },
      'an egress that nobody waits for can not be stopped',
    )
  }
}

async function save(services: Services, recording: StoredRecording): Promise<StoredRecording> {
  const { index, log, objects, keys, store } = services
  const saved = await store.save(recording)
  index.put(saved.key, saved.etag, saved.recording)
  const hasFile = saved.key === keys.metadata(saved.recording.name)
  if (hasFile) {
    // Where it had been given up, or its file was still being saved, that is over
    const without = keys.failed(nameWithoutFile(saved.recording))
    await objects.delete(without)
    index.remove(without)
  }
  const { id, name, status, size } = saved.recording
  if (!isActiveStatus(status)) services.metrics.recordingEnded(status)
  log.info({ recordingId: id, recordingName: name, status, size }, 'recording saved')
  return saved.recording
}

/** Believes the storage, not the report: what has no file there is no recording to play. */
async function believeStorage(services: Services, recording: StoredRecording): Promise<StoredRecording> {
  if (isActiveStatus(recording.status)) return recording
  const head = recording.name ? await services.objects.head(services.keys.file(recording.name)) : undefined
  if (head && head.size > 0) return { ...recording, size: head.size }
  const isMissing = recording.status === 'COMPLETE' || recording.status === 'LIMIT_REACHED'
  return {
    ...recording,
    name: nameWithoutFile(recording),
    size: 0,
    ...(recording.name && { expectedName: recording.name }),
    ...(isMissing && {
      status: 'FAILED' as const,
      error: 'The recorder reported a file that is not in the storage.',
    }),
  }
}

/** @returns undefined when the egress is none of ours: nobody here has asked for it */
async function situationOf(services: Services, recording: StoredRecording): Promise<Situation | undefined> {
  const claim = (await services.store.getClaim(recording.roomId))?.claim
  if (claim?.state === 'held' && claim.recording?.id === recording.id && isActiveStatus(recording.status)) {
    return { claim, saved: undefined, isDeleted: false }
  }
  const saved = await findSaved(services, recording)
  if (saved) return { claim, saved, isDeleted: false }
  if (await wasDeleted(services, recording)) return { claim, saved: undefined, isDeleted: true }
  // A claim, even a free one, says that recordings of this room session are ours; so does the room itself
  if (!claim && !(await isRoomOurs(services, recording))) return undefined
  return { claim, saved: undefined, isDeleted: false }
}

/** What is kept of this recording: with its file, or without. */
async function findSaved(
  { store }: Services,
  recording: StoredRecording,
): Promise<StoredRecording | undefined> {
  for (const name of namesOf(recording)) {
    const saved = await store.getSaved(name)
    if (saved && (saved.id === recording.id || saved.id === '')) return saved
  }
  return undefined
}

async function wasDeleted({ store }: Services, recording: StoredRecording): Promise<boolean> {
  for (const name of namesOf(recording)) if (await store.getTombstone(name)) return true
  return false
}

function namesOf(recording: StoredRecording): Set<string> {
  const { name, expectedName = '' } = recording
  return new Set([name, expectedName, nameWithoutFile(recording)].filter((one) => one !== ''))
}

async function isRoomOurs(
  { config, livekit }: Services,
  { roomName, roomId }: RecordingInfo,
): Promise<boolean> {
  const room = await findRoom(livekit, roomName)
  return room?.sid === roomId && parseRoomMetadata(room.metadata).createdBy === config.appName
}

async function askLiveKit(services: Services, egressId: string): Promise<RecordingInfo | undefined> {
  const info = await findEgress(services.livekit, egressId)
  return info && recordingFromEgress(info, services.keys)
}

function believesToRun({ recordingId, recordingStatus }: RoomMetadata, id: string): boolean {
  return recordingId === id && recordingStatus !== 'STOPPED' && recordingStatus !== 'FAILED'
}
