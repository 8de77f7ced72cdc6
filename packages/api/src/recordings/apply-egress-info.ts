import { isActiveStatus, parseRoomMetadata, type RecordingInfo } from '@roomreel/contracts'
import type { EgressInfo } from 'livekit-server-sdk'
import { callLiveKit } from '../livekit/livekit-api.ts'
import { findRoom } from '../rooms/find-room.ts'
import { roomMetadataOf } from '../rooms/room-recording-status.ts'
import { updateRoomMetadata } from '../rooms/update-room-metadata.ts'
import type { Services } from '../services.ts'
import type { Claim } from './claim.ts'
import { changeClaim, freed } from './claim-changes.ts'
import { recordingFromEgress } from './recording-from-egress.ts'
import { mergeRecording } from './recording-state.ts'

/**
 * The one way in for news of an egress, whoever brought it: the answer to start or stop, a webhook, or a look at
 * LiveKit's list. It can be repeated, and what is older than what is known changes nothing. When it returns, the
 * news is stored; the room is told last, when a new start is possible.
 * @returns the recording as it is known now; undefined when this egress is none of ours
 * @throws AppError SERVICE_UNAVAILABLE when it could not be stored: bring the news again
 */
export function applyEgressInfo(services: Services, info: EgressInfo): Promise<RecordingInfo | undefined> {
  const news = recordingFromEgress(info, services.keys)
  if (!news) return Promise.resolve(undefined)
  if (info.error) {
    services.log.warn(
      { recordingId: news.id, status: news.status, error: info.error },
      'the recorder reports a problem',
    )
  }
  return services.roomQueue.run(news.roomId, () => applyNews(services, news))
}

async function applyNews(services: Services, news: RecordingInfo): Promise<RecordingInfo | undefined> {
  const claim = (await services.store.getClaim(news.roomId))?.claim
  const isClaimed = claim?.state === 'held' && (!claim.recording || claim.recording.id === news.id)
  if (!isClaimed && !(await isKnownOrOurs(services, news))) return undefined
  return isActiveStatus(news.status) ? applyRunning(services, news, claim) : applyEnd(services, news, claim)
}

async function applyRunning(
  services: Services,
  news: RecordingInfo,
  claim: Claim | undefined,
): Promise<RecordingInfo | undefined> {
  if (claim?.state !== 'held' || !claim.recording) {
    // The first that is heard of it, or something long over: only LiveKit and the library can tell
    const ended = await findEnded(services, news)
    if (ended) {
      await changeClaim(services, news.roomId, (current) => freed(current, undefined, services.now()))
      return ended
    }
    if (claim?.state !== 'held') {
      const [current] = await callLiveKit(() => services.livekit.egress.listEgress({ egressId: news.id }))
      const latest = current && recordingFromEgress(current, services.keys)
      if (!latest) return undefined
      if (!isActiveStatus(latest.status)) return applyEnd(services, latest, claim)
    }
  }
  const after = await changeClaim(services, news.roomId, (current) => {
    if (current?.state === 'held' && current.recording && current.recording.id !== news.id) return undefined
    const now = services.now()
    const base = current?.state === 'held' ? current : { requestedAt: now, expiresAt: now }
    const recording = mergeRecording(current?.state === 'held' ? current.recording : undefined, news)
    return {
      state: 'held',
      roomName: news.roomName,
      roomId: news.roomId,
      layout: recording.layout ?? 'grid',
      requestedAt: base.requestedAt,
      expiresAt: base.expiresAt,
      recording,
    }
  })
  if (after?.state !== 'held' || after.recording?.id !== news.id) return undefined
  await tellRoom(services, after.recording)
  return after.recording
}

async function applyEnd(
  services: Services,
  news: RecordingInfo,
  claim: Claim | undefined,
): Promise<RecordingInfo> {
  const running = claim?.state === 'held' && claim.recording?.id === news.id ? claim.recording : undefined
  const known = mergeRecording(await findEnded(services, news), mergeRecording(running, news))
  const saved = await services.store.saveEnded(await withFile(services, known))
  services.index.put(saved.key, saved.etag, saved.recording)
  if (saved.recording.size > 0) await forgetLoss(services, saved.recording)
  const after = await changeClaim(services, news.roomId, (current) => freed(current, news.id, services.now()))
  // A room that is already recorded anew is not told of the end before
  if (after?.state !== 'held') await tellRoom(services, saved.recording)
  services.log.info(
    { recordingId: news.id, recordingName: saved.recording.name, status: news.status },
    'recording ended',
  )
  return saved.recording
}

/** The file of a recording that had been given up has turned up after all. */
async function forgetLoss({ objects, index, keys }: Services, recording: RecordingInfo): Promise<void> {
  const key = keys.failed(nameWithoutFile(recording))
  await objects.delete(key)
  index.remove(key)
}

/** Believes the storage, not the report: what has no file there is no recording to play. */
async function withFile(services: Services, recording: RecordingInfo): Promise<RecordingInfo> {
  const head = recording.name ? await services.objects.head(services.keys.file(recording.name)) : undefined
  if (head && head.size > 0) return { ...recording, size: head.size }
  const isMissing = recording.status === 'COMPLETE' || recording.status === 'LIMIT_REACHED'
  return {
    ...recording,
    name: nameWithoutFile(recording),
    size: 0,
    ...(isMissing && {
      status: 'FAILED' as const,
      error: 'The recorder reported a file that is not in the storage.',
    }),
  }
}

/** What a recording is called that has no file to be named after. */
export function nameWithoutFile({ roomName, roomId, id }: RecordingInfo): string {
  return `${roomName}-${roomId}-${id}.mp4`
}

async function findEnded({ store }: Services, recording: RecordingInfo): Promise<RecordingInfo | undefined> {
  const names = recording.name ? [recording.name, nameWithoutFile(recording)] : [nameWithoutFile(recording)]
  for (const name of names) {
    const ended = await store.getEnded(name)
    if (ended?.id === recording.id) return ended
  }
  return undefined
}

/** Ours without a claim: the library has it, or its room says that it belongs to this application. */
async function isKnownOrOurs(services: Services, news: RecordingInfo): Promise<boolean> {
  if (await findEnded(services, news)) return true
  const room = await findRoom(services.livekit, news.roomName)
  return room?.sid === news.roomId && parseRoomMetadata(room.metadata).createdBy === services.config.appName
}

async function tellRoom(services: Services, recording: RecordingInfo): Promise<void> {
  await updateRoomMetadata(services, recording, () => roomMetadataOf(recording))
}
