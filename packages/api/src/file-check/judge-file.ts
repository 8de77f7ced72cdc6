import type { RecordingCheck } from '@roomreel/contracts'
import type { Mp4Facts } from './read-mp4-facts.ts'

/** What may be missing of a recording without a word: the last fragment and the rounding of two clocks. */
const TOLERATED_SECONDS = 3
const TOLERATED_SHARE = 0.05

/**
 * What to call a file that is there, by the worst that is true of it.
 *
 * @param facts undefined when the file is no MP4 or has no index
 * @param said what the recorder said; its duration in seconds, 0 when it said nothing
 */
export function judgeFile(
  facts: Mp4Facts | undefined,
  said: { readonly duration: number },
): Exclude<RecordingCheck, 'missing'> {
  if (!facts?.isWhole || !facts.hasVideo || facts.durationSeconds <= 0) return 'damaged'
  const tolerated = Math.max(TOLERATED_SECONDS, said.duration * TOLERATED_SHARE)
  if (said.duration - facts.durationSeconds > tolerated) return 'short'
  return facts.hasAudio ? 'verified' : 'no audio'
}
