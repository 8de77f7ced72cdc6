import { isActiveStatus, type RecordingInfo, type RecordingStatus } from '@roomreel/contracts'

/**
 * How far a recording has come. News can be late, doubled or out of order; it counts only when it leads
 * further, so that every order of the same news ends in the same state.
 */
const RANK: Record<RecordingStatus, number> = {
  STARTING: 0,
  STARTED: 1,
  STOPPING: 2,
  COMPLETE: 3,
  LIMIT_REACHED: 3,
  ABORTED: 3,
  FAILED: 3,
}

/**
 * Which of two pieces of knowledge about one recording holds. Pure, commutative and idempotent.
 * - A later stage wins over an earlier one.
 * - Within the running stages the newer one wins, and what only one of them knows is kept.
 * - Of two ends the one with a file wins, then the newer one (`updatedAt` is LiveKit's), then the larger text:
 *   any fixed rule will do, so long as all replicas follow the same.
 */
export function mergeRecording(known: RecordingInfo | undefined, news: RecordingInfo): RecordingInfo {
  if (!known) return news
  const [winner, loser] = compare(known, news) >= 0 ? [known, news] : [news, known]
  return {
    ...winner,
    name: winner.name || loser.name,
    roomName: winner.roomName || loser.roomName,
    roomId: winner.roomId || loser.roomId,
    startedAt: winner.startedAt || loser.startedAt,
    ...(winner.layout === undefined && loser.layout !== undefined && { layout: loser.layout }),
  }
}

function compare(a: RecordingInfo, b: RecordingInfo): number {
  const byRank = RANK[a.status] - RANK[b.status]
  if (byRank !== 0) return byRank
  if (!isActiveStatus(a.status)) {
    const byFile = Number(a.size > 0) - Number(b.size > 0)
    if (byFile !== 0) return byFile
  }
  const byAge = (a.updatedAt ?? 0) - (b.updatedAt ?? 0)
  if (byAge !== 0) return byAge
  const [textA, textB] = [JSON.stringify(a), JSON.stringify(b)]
  return textA === textB ? 0 : textA > textB ? 1 : -1
}
