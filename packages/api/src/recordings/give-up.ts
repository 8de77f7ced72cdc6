import type { RecordingInfo } from '@roomreel/contracts'
import { liveKitStatus } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'
import { applyNews } from './apply-news.ts'
import { stopEgress } from './stop-egress.ts'

/**
 * Nothing more is expected of this egress. Whatever it captured and saved is kept, the room hears of it at once
 * and can be recorded again; should the recorder come back with a file after all, that counts.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function giveUp(services: Services, recording: RecordingInfo, reason: string): Promise<void> {
  services.log.warn({ recordingId: recording.id, roomName: recording.roomName, reason }, 'recording given up')
  try {
    // It may only be cut off from us; then its file will come
    await stopEgress(services, recording.id)
  } catch (error) {
    services.log.debug({ err: error, recordingId: recording.id }, 'the egress could not be stopped')
    if (liveKitStatus(error) === undefined) throw error
  }
  const { updatedAt = recording.startedAt } = recording
  await applyNews(services, {
    recording: {
      ...recording,
      status: 'ABORTED',
      duration: recording.startedAt > 0 ? Math.max(0, (updatedAt - recording.startedAt) / 1000) : 0,
      error: reason,
    },
    source: 'list',
  })
}
