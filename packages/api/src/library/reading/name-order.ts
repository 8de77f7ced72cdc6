import { partsOfName } from '../../reconcile/parts-of-name.ts'
import type { RecordingInfo } from '@roomreel/contracts'

/** ms between the time in a file's name and its recording's start that is believed to be the recorder's delay. */
const MAX_DEVIATION_MS = 120_000
/** ms that a start may be apart from its name's time though none that was seen is. */
const MIN_SLACK_MS = 2_000

/** Which of many unread recordings are the newest, as far as their names tell. */
export interface NameOrder<Item> {
  /** Takes the newest of those that are left. */
  take(count: number): Item[]
  /**
   * Compares a recording with what its name told.
   * @returns false when names turn out to say nothing reliable
   */
  confirm(recording: RecordingInfo): boolean
  /** ms since the epoch: all that is left began before this time; -Infinity when nothing is left. */
  readonly leftBefore: number
}

/** @returns undefined when not every name says when its recording began */
export function orderByNames<Item extends { readonly name: string }>(
  items: readonly Item[],
): NameOrder<Item> | undefined {
  const timed: Array<{ item: Item; time: number }> = []
  for (const item of items) {
    const time = partsOfName(item.name).startedAt
    if (time === undefined) return undefined
    timed.push({ item, time })
  }
  // Oldest first, so that what is taken is freed
  timed.sort((a, b) => a.time - b.time)
  let deviation = 0
  return {
    take: (count) =>
      timed
        .splice(Math.max(0, timed.length - count))
        .toReversed()
        .map(({ item }) => item),
    confirm({ name, startedAt }) {
      const time = partsOfName(name).startedAt ?? Number.NaN
      const difference = Math.abs(startedAt - time)
      deviation = Math.max(deviation, difference)
      return difference <= MAX_DEVIATION_MS
    },
    get leftBefore() {
      const newest = timed.at(-1)
      // A name has whole seconds
      return newest ? newest.time + 1_000 + Math.max(MIN_SLACK_MS, 2 * deviation) : Number.NEGATIVE_INFINITY
    },
  }
}
