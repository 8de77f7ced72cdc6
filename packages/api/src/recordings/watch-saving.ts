import { isActiveStatus, type RecordingInfo } from '@roomreel/contracts'
import { findEgress } from '../livekit/find-egress.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo, applyNews } from './apply-news.ts'

/** ms that a file may take to be saved: hours of video over a slow line. */
const SAVING_LIMIT_MS = 3 * 3_600_000

/** Recordings whose room is free already while their file is being saved. Pure. */
export function recordingsBeingSaved({ index }: Pick<Services, 'index'>): readonly RecordingInfo[] {
  const claimed = new Set(index.heldClaims().map(({ recording }) => recording?.id))
  return index.all().filter(({ id, status }) => isActiveStatus(status) && !claimed.has(id))
}

/**
 * Looks whether a file has been saved meanwhile.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function watchSaving(services: Services, recording: RecordingInfo): Promise<void> {
  const info = await findEgress(services.livekit, recording.id)
  if (info) {
    const known = await applyEgressInfo(services, info, 'list')
    if (!known || !isActiveStatus(known.status)) return
  }
  const { updatedAt = recording.startedAt } = recording
  if (info && services.now() - updatedAt < SAVING_LIMIT_MS) return
  const saved = await services.store.getSaved(recording.name)
  if (!saved || !isActiveStatus(saved.status)) return
  await applyNews(services, {
    recording: {
      ...saved,
      name: saved.expectedName ?? saved.name,
      status: 'ABORTED',
      duration: Math.max(0, (updatedAt - recording.startedAt) / 1000),
      error: 'The recorder stopped while it saved the file.',
    },
    source: 'list',
  })
}
