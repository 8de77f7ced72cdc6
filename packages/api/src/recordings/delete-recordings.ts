import {
  type DeleteRecordingsOutput,
  isActiveStatus,
  RECORDING_DELETED_TOPIC,
  type RecordingDeleted,
  type RecordingInfo,
} from '@roomreel/contracts'
import { DataPacket_Kind } from 'livekit-server-sdk'
import pMap from 'p-map'
import type { LibraryPrincipal } from '../access/principal.ts'
import { AppError, toAppError } from '../app-error.ts'
import { callLiveKit } from '../livekit/livekit-api.ts'
import { findRoom } from '../rooms/find-room.ts'
import type { Services } from '../services.ts'
import { findRecording } from './find-recording.ts'

const DELETE_CONCURRENCY = 8

/**
 * Deletes recordings, each for itself: what could not be deleted is told with its reason, and the others are gone.
 * The metadata goes last, so that a repeat finishes what a crash has left half done.
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
  const { objects, keys, index } = services
  const recording = await findDeletable(services, principal, recordingName)
  await objects.delete(keys.file(recordingName))
  if (recording?.thumbnail) await objects.delete(keys.file(recording.thumbnail))
  for (const key of [keys.metadata(recordingName), keys.failed(recordingName)]) {
    await objects.delete(key)
    index.remove(key)
  }
  services.log.info({ recordingName, recordingId: recording?.id }, 'recording deleted')
  if (recording) {
    announceDeletion(services, recording, recordingName).catch((error: unknown) => {
      // The recording is gone all the same; who listens to recordings.events hears it there
      services.log.warn({ err: error, recordingName }, 'deletion could not be announced to the room')
    })
  }
}

/** @returns undefined for a file without metadata, which the admin may delete, too */
async function findDeletable(
  services: Services,
  principal: LibraryPrincipal,
  recordingName: string,
): Promise<RecordingInfo | undefined> {
  try {
    const recording = await findRecording(services, principal, recordingName)
    if (isActiveStatus(recording.status)) {
      throw new AppError('CONFLICT', 'This recording is still running. Stop it first.')
    }
    return recording
  } catch (error) {
    const isOrphan =
      principal.kind === 'admin' &&
      error instanceof AppError &&
      error.code === 'NOT_FOUND' &&
      (await services.objects.head(services.keys.file(recordingName))) !== undefined
    if (isOrphan) return undefined
    throw error
  }
}

async function announceDeletion(
  { livekit }: Services,
  recording: RecordingInfo,
  recordingName: string,
): Promise<void> {
  // LiveKit takes seconds to say that a room is not there when data is sent to it
  if (!recording.roomName || !(await findRoom(livekit, recording.roomName))) return
  const message: RecordingDeleted = { recordingName }
  const payload = new TextEncoder().encode(JSON.stringify(message))
  await callLiveKit(() =>
    livekit.rooms.sendData(recording.roomName, payload, DataPacket_Kind.RELIABLE, {
      topic: RECORDING_DELETED_TOPIC,
    }),
  )
}
