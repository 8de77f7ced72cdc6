import { isActiveStatus, type RecordingStatus } from '@roomreel/contracts'
import type { StoredRecording } from './stored-recording.ts'

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
 * Joins two pieces of knowledge about one recording. Pure, commutative, associative and idempotent, so that
 * replicas which heard the same in different orders agree.
 * - A later stage wins over an earlier one.
 * - Of two ends the one with a file wins; then, as within a stage, the newer one (`updatedAt` is LiveKit's); then
 *   any fixed rule will do.
 * - What was read from the file itself counts more than what the recorder says of it; the newest look counts.
 * - What does not change during a recording's life is kept from whoever knew it.
 */
export function mergeRecording(known: StoredRecording | undefined, news: StoredRecording): StoredRecording {
  if (!known) return news
  const [winner, loser] = compare(known, news) >= 0 ? [known, news] : [news, known]
  const layout = winner.layout ?? loser.layout
  const thumbnail = winner.thumbnail ?? loser.thumbnail
  const expectedName = winner.expectedName ?? loser.expectedName
  const look = newestLook(winner, loser)
  return {
    ...winner,
    id: winner.id || loser.id,
    name: winner.name || loser.name,
    roomName: winner.roomName || loser.roomName,
    roomId: winner.roomId || loser.roomId,
    startedAt: earliest(winner.startedAt, loser.startedAt),
    ...(layout && { layout }),
    ...(thumbnail && { thumbnail }),
    ...(expectedName !== undefined && { expectedName }),
    ...(look && !isActiveStatus(winner.status) && fileFacts(look)),
  }
}

/** 0 stands for "not known yet". */
function earliest(a: number, b: number): number {
  return a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b)
}

/** Looks only at what is a piece of news' own, never at what a merge fills in. */
function compare(a: StoredRecording, b: StoredRecording): number {
  const byRank = RANK[a.status] - RANK[b.status]
  if (byRank !== 0) return byRank
  const byFile = isActiveStatus(a.status) ? 0 : Number(a.size > 0) - Number(b.size > 0)
  if (byFile !== 0) return byFile
  const byAge = (a.updatedAt ?? 0) - (b.updatedAt ?? 0)
  if (byAge !== 0) return byAge
  return compareText(tieBreak(a), tieBreak(b))
}

/** Size and duration of a file that was looked at are the file's, and say nothing of the news. */
const tieBreak = ({ status, error, checkedAt, size, duration }: StoredRecording) =>
  JSON.stringify([status, error, ...(checkedAt === undefined ? [size, duration] : [])])

function newestLook(a: StoredRecording, b: StoredRecording): StoredRecording | undefined {
  if (a.checkedAt === undefined || b.checkedAt === undefined) {
    return a.checkedAt === undefined ? (b.checkedAt === undefined ? undefined : b) : a
  }
  const byAge =
    a.checkedAt - b.checkedAt || compareText(JSON.stringify(fileFacts(a)), JSON.stringify(fileFacts(b)))
  return byAge >= 0 ? a : b
}

const fileFacts = ({ size, duration, check, checkedAt }: StoredRecording) => ({
  size,
  duration,
  ...(check && { check }),
  ...(checkedAt !== undefined && { checkedAt }),
})

const compareText = (a: string, b: string) => (a === b ? 0 : a > b ? 1 : -1)
