import type { RecordingInfo } from '@roomreel/contracts'

const RECORDED = 'recorded; it plays'
export const ENDED_EARLY = 'ended early, and says why; what was captured plays'
const EITHER = 'recorded, or ended before it had begun, and says why'

/**
 * In the words of the table, what has become of a meeting's recording.
 * @param isRace whether it is right either way, since nobody can say which comes first
 */
export function outcomeOf([recording]: readonly RecordingInfo[], isRace = false): string {
  if (!recording) return 'nothing was started; the room was free'
  if (isRace) return EITHER
  return recording.status === 'COMPLETE' ? RECORDED : ENDED_EARLY
}
