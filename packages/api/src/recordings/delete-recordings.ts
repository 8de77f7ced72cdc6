import {
  type DeleteRecordingsOutput,
  isActiveStatus,
  RECORDING_DELETED_TOPIC,
  type RecordingDeleted,
  type RecordingInfo,
} from '@roomreel/contracts'
import { DataPacket_Kind } from 'livekit-server-sdk'
import pMap from 'p-map'
import { type LibraryPrincipal, maySeeRecording } from '../access/principal.ts'
import { AppError, toAppError } from '../app-error.ts'
import { callLiveKit } from '../livekit/livekit-api.ts'
import { findRoom } from '../rooms/find-room.ts'
import type { Services } from '../services.ts'
import { findRecording } from './find-recording.ts'
import { finishDeletion } from './finish-deletion.ts'
import type { Tombstone } from './tombstone.ts'

const DELETE_CONCURRENCY = 8

/**
 * Deletes recordings, each for itself: what could not be deleted is told with its reason, and the others are gone.
 * A repeat, or the reconciler, finishes what a crash has left half done.
 */
export async function deleteRecordings(
  services: Services,
  principal: LibraryPrincipal,
  recordingNames: readonly string[],
): Promise<DeleteRecordingsOutput> {
  const results = await pMap(
    new Set(recordingNames),
    async (recordingName) => {
      try {
        await deleteRecording(services, principal, recordingName)
        return { recordingName }
      } catch (error) {
        const appError = toAppError(error)
        if (appError.code === 'INTERNAL_SERVER_ERROR')
          services.log.error({ err: error, recordingName }, 'delete failed')
        return { recordingName, error: appError }
      }
    },
    { concurrency: DELETE_CONCURRENCY },
  )
  return {
    deleted: results.flatMap(({ recordingName, error }) => (error ? [] : [recordingName])),
    failed: results.flatMap(({ recordingName, error }) =>
      error ? [{ recordingName, code: error.code, message: error.message }] : [],
    ),
  }
}

async function deleteRecording(
  services: Services,
  principal: LibraryPrincipal,
  recordingName: string,
): Promise<void> {
  const { index, keys, log, now, store } = services
  const tombstone = await tombstoneFor(services, principal, recordingName, now())
  // From here on the recording is gone, whatever happens to this process
  const etag = await store.putTombstone(tombstone)
  index.put(keys.tombstone(recordingName), etag, undefined)
  await finishDeletion(services, tombstone)
  log.info({ recordingName, recordingId: tombstone.id }, 'recording deleted')
  announceDeletion(services, tombstone).catch((error: unknown) => {
    // The recording is gone all the same; who listens to recordings.events hears it there
    log.warn({ err: error, recordingName }, 'deletion could not be announced to the room')
  })
}

/** @throws AppError NOT_FOUND when there is nothing that the caller may delete, CONFLICT while it runs */
async function tombstoneFor(
  services: Services,
  principal: LibraryPrincipal,
  recordingName: string,
  now: number,
): Promise<Tombstone> {
  const begun = await services.store.getTombstone(recordingName)
  if (begun?.state === 'deleting' && maySeeRecording(principal, begun)) return begun
  try {
    const recording = await findRecording(services, principal, recordingName)
    if (isActiveStatus(recording.status)) {
      throw new AppError('CONFLICT', 'This recording is still running. Stop it first.')
    }
    return buried(recording, recordingName, now)
  } catch (error) {
    const isOrphan =
      principal.kind === 'admin' &&
      error instanceof AppError &&
      error.code === 'NOT_FOUND' &&
      (await services.objects.head(services.keys.file(recordingName))) !== undefined
    if (!isOrphan) throw error
    return buried({ id: '', roomName: '', roomId: '' }, recordingName, now)
  }
}

function buried(
  { id, roomName, roomId, thumbnail }: Pick<RecordingInfo, 'id' | 'roomName' | 'roomId' | 'thumbnail'>,
  name: string,
  deletedAt: number,
): Tombstone {
  return { state: 'deleting', name, id, roomName, roomId, deletedAt, ...(thumbnail && { thumbnail }) }
}

async function announceDeletion({ livekit }: Services, { roomName, name }: Tombstone): Promise<void> {
  // LiveKit takes seconds to say that a room is not there when data is sent to it
  if (!roomName || !(await findRoom(livekit, roomName))) return
  const message: RecordingDeleted = { recordingName: name }
  const payload = new TextEncoder().encode(JSON.stringify(message))
  await callLiveKit(livekit, 'sendData', () =>
    livekit.rooms.sendData(roomName, payload, DataPacket_Kind.RELIABLE, { topic: RECORDING_DELETED_TOPIC }),
  )
}
