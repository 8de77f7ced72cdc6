import type { RecordingInfo } from '@roomreel/contracts'
import { compareNewestFirst, type Position } from '../recording-order.ts'

/** Up to so many are put into their places one by one; more are sorted and merged. */
const MAX_SINGLE_INSERTS = 64

/** Recordings in the order of the list, kept in order as they come and go. */
export interface OrderedRecordings {
  insert(recording: RecordingInfo): void
  /** @param recording the very object that was inserted */
  remove(recording: RecordingInfo): void
  readonly size: number
  at(index: number): RecordingInfo | undefined
  /** The place of the first recording that comes behind this position. */
  indexAfter(position: Position): number
  /** The place of the first recording that began before this time, ms since the epoch. */
  indexStartedBefore(time: number): number
  /** All, newest first, in an array that is not changed afterwards. */
  all(): readonly RecordingInfo[]
}

export function createOrderedRecordings(): OrderedRecordings {
  let rows: RecordingInfo[] = []
  /** Not in their places yet. */
  let incoming: RecordingInfo[] = []
  let copy: readonly RecordingInfo[] | undefined

  const firstWhere = (isBehind: (recording: RecordingInfo) => boolean): number => {
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const row = rows[middle]
      if (row && isBehind(row)) high = middle
      else low = middle + 1
    }
    return low
  }

  const settle = (): void => {
    if (incoming.length === 0) return
    if (incoming.length <= MAX_SINGLE_INSERTS) {
      for (const one of incoming) {
        rows.splice(
          firstWhere((row) => compareNewestFirst(row, one) > 0),
          0,
          one,
        )
      }
    } else {
      rows = merge(rows, incoming.toSorted(compareNewestFirst))
    }
    incoming = []
  }

  return {
    insert(recording) {
      incoming.push(recording)
      copy = undefined
    },
    remove(recording) {
      settle()
      const first = firstWhere((row) => compareNewestFirst(row, recording) >= 0)
      const index = rows.indexOf(recording, first)
      if (index >= 0) rows.splice(index, 1)
      copy = undefined
    },
    get size() {
      return rows.length + incoming.length
    },
    at(index) {
      settle()
      return rows[index]
    },
    indexAfter(position) {
      settle()
      return firstWhere((row) => compareNewestFirst(row, position) > 0)
    },
    indexStartedBefore(time) {
      settle()
      return firstWhere((row) => row.startedAt < time)
    },
    all() {
      settle()
      copy ??= [...rows]
      return copy
    },
  }
}

/** Joins two lists that are in order. */
function merge(a: readonly RecordingInfo[], b: readonly RecordingInfo[]): RecordingInfo[] {
  const merged: RecordingInfo[] = []
  let nextA = 0
  let nextB = 0
  for (;;) {
    const one = a[nextA]
    const other = b[nextB]
    if (one && (!other || compareNewestFirst(one, other) <= 0)) {
      merged.push(one)
      nextA++
    } else if (other) {
      merged.push(other)
      nextB++
    } else {
      return merged
    }
  }
}
