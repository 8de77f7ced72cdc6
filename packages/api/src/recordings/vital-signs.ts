import type { RecordingInfo } from '@roomreel/contracts'
import type { HeldClaim } from './claim.ts'

/** What can be seen of a running egress from outside. */
export interface Observation {
  /** How LiveKit lists it now; undefined when it does not. */
  readonly listed: RecordingInfo | undefined
  readonly isRoomThere: boolean
  /** Whether its recorder, a hidden participant named by the egress id, is in the room. */
  readonly isRecorderThere: boolean
}

export type VitalSigns =
  | { readonly isAlive: true }
  /** `isHopeless`: there is nothing to wait for. */
  | { readonly isAlive: false; readonly isHopeless: boolean; readonly reason: string }

/** ms from the request within which a recording has to begin. */
export const START_LIMIT_MS = 30_000
/** ms that an egress may show no sign of life: a LiveKit or a recorder that was restarted needs a while. */
export const SILENCE_LIMIT_MS = 25_000
/** ms without a word from an egress that has reported its progress before. */
const PROGRESS_LIMIT_MS = 45_000
/** News of a running egress this long (ms) after its start can only be a report of progress. */
const PROGRESS_AFTER_MS = 5_000

const alive: VitalSigns = { isAlive: true }

/**
 * Whether a running egress still does what it was started for. Neither LiveKit's list nor its webhooks say so: of
 * a recorder that was killed, LiveKit goes on saying that it is active, for ever. Pure.
 */
export function vitalSigns(
  claim: HeldClaim,
  { listed, isRoomThere, isRecorderThere }: Observation,
  nowMs: number,
): VitalSigns {
  if (!listed) return silent('The recorder stopped without a word.')
  if (listed.status === 'STARTING') {
    if (nowMs - claim.requestedAt < START_LIMIT_MS) return alive
    return { isAlive: false, isHopeless: true, reason: 'The recording did not get going.' }
  }
  // From here on what it does is done outside the room, however long its file takes
  if (listed.status !== 'STARTED') return alive
  if (!isRoomThere) return silent('The meeting ended, and the recorder did not notice.')
  if (claim.isRecorderSeen && !isRecorderThere) return silent('The recorder has left the meeting.')
  const lastWord = listed.updatedAt ?? 0
  const reportsProgress = lastWord - listed.startedAt > PROGRESS_AFTER_MS
  if (reportsProgress && nowMs - lastWord > PROGRESS_LIMIT_MS)
    return silent('The recorder does not answer any more.')
  return alive
}

function silent(reason: string): VitalSigns {
  return { isAlive: false, isHopeless: false, reason }
}
