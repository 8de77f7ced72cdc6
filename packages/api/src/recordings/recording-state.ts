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
 * Which of two pieces of knowledge about one recording holds. Pure, commutative, associative and idempotent, so
 * that replicas which heard the same in different orders agree.
 * - A later stage wins over an earlier one.
 * - Of two ends the one with a file wins; then, as within a stage, the newer one (`updatedAt` is LiveKit's); then
 *   any fixed rule will do.
 * - What does not change during a recording's life is kept from whoever knew it.
 */
export function mergeRecording(known: RecordingInfo | undefined, news: RecordingInfo): RecordingInfo {
  if (!known) return news
  const [winner, loser] = compare(known, news) >= 0 ? [known, news] : [news, known]
  const layout = winner.layout ?? loser.layout
  const thumbnail = winner.thumbnail ?? loser.thumbnail
  return {
    ...winner,
    name: winner.name || loser.name,
    roomName: winner.roomName || loser.roomName,
    roomId: winner.roomId || loser.roomId,
    startedAt: earliest(winner.startedAt, loser.startedAt),
    ...(layout && { layout }),
    ...(thumbnail && { thumbnail }),
  }
}

/** 0 stands for "not known yet". */
function earliest(a: number, b: number): number {
  return a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b)
}

/** Looks only at what is a piece of news' own, never at what a merge fills in. */
function compare(a: RecordingInfo, b: RecordingInfo): number {
  const byRank = RANK[a.status] - RANK[b.status]
  if (byRank !== 0) return byRank
  const byFile = isActiveStatus(a.status) ? 0 : Number(a.size > 0) - Number(b.size > 0)
  if (byFile !== 0) return byFile
  const byAge = (a.updatedAt ?? 0) - (b.updatedAt ?? 0)
  if (byAge !== 0) return byAge
  return compareText(tieBreak(a), tieBreak(b))
}

const tieBreak = ({ status, size, duration, error }: RecordingInfo) =>
  JSON.stringify([status, size, duration, error])

const compareText = (a: string, b: string) => (a === b ? 0 : a > b ? 1 : -1)
