import type { RecordingEvent } from '@roomreel/contracts'
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { type FeedPosition, formatFeedPosition, parseFeedPosition } from './feed-position.ts'
import type { RecordingIndex } from './recording-index.ts'

/** Events kept for those who were away for a moment. */
const HISTORY_LENGTH = 1_000
/** Events that may wait for one slow reader; one who has more is told to fetch anew instead. */
const MAX_WAITING = 1_000
/**
 * ms of the past that a new reader is told as well: the list that it fetched meanwhile may have been made before, and
 * nobody else would tell it.
 */
const RECENT_MS = 5_000
/** ms between two looks at S3 while somebody listens: what another replica wrote shows this soon. */
const POLL_MS = 2_000

export interface FeedEvent {
  readonly id: string
  readonly event: RecordingEvent
}

/** Library changes as they happen on any replica. */
export interface RecordingFeed {
  /**
   * @param lastEventId what the reader has seen, of this process or of another one; what came since is sent first,
   *   or `resync` where that is not known any more. One who has seen nothing gets what has just happened
   * @param signal ends the reading
   */
  read(lastEventId: string | undefined, signal: AbortSignal): AsyncIterable<FeedEvent>
  /** Those who are reading now. */
  readonly readers: number
  close(): void
}

/** @param now the clock, ms since the epoch */
export function createRecordingFeed(
  index: Pick<RecordingIndex, 'subscribe' | 'ensureFresh' | 'changedSince'>,
  log: Logger,
  now: () => number,
): RecordingFeed {
  const epoch = randomBytes(6).toString('hex')
  let sequence = 0
  const history: Array<FeedEvent & { readonly toldAt: number }> = []
  const readers = new Set<(entry: FeedEvent) => void>()
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined

  const position = (): string => formatFeedPosition({ epoch, sequence, time: now() })

  const unsubscribe = index.subscribe((event) => {
    sequence++
    const entry = { id: position(), event }
    history.push({ ...entry, toldAt: performance.now() })
    if (history.length > HISTORY_LENGTH) history.shift()
    for (const notify of readers) notify(entry)
  })

  const poll = (): void => {
    index
      .ensureFresh(POLL_MS / 2)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'recordings could not be refreshed')
      })
      .finally(() => {
        timer = readers.size > 0 && !closing.signal.aborted ? setTimeout(poll, POLL_MS) : undefined
      })
  }

  /** All that happened until now is in what the reader fetches. */
  const resync = (): FeedEvent => ({ id: position(), event: { type: 'resync' } })

  /** What a reader has missed whose last event was told by another process, or long ago by this one. */
  const missedElsewhere = async (lastEventId: string, time: number): Promise<FeedEvent[]> => {
    try {
      const events = await index.changedSince(time)
      if (!events) return [resync()]
      const last = position()
      // Who goes away in the middle of them gets them all again
      return events.map((event, place) => ({ id: place < events.length - 1 ? lastEventId : last, event }))
    } catch (error) {
      log.warn({ err: error }, 'what a reader of events missed is not known')
      return [resync()]
    }
  }

  /** What a reader has missed; undefined where this process does not know it by heart. */
  const keptSince = (seen: FeedPosition): FeedEvent[] | undefined => {
    const firstKept = sequence - history.length
    const isKept = seen.epoch === epoch && seen.sequence >= firstKept && seen.sequence <= sequence
    return isKept ? history.slice(seen.sequence - firstKept) : undefined
  }

  const recent = (): FeedEvent[] => {
    const since = performance.now() - RECENT_MS
    return history.filter(({ toldAt }) => toldAt >= since)
  }

  return {
    async *read(lastEventId, signal) {
      const ended = AbortSignal.any([signal, closing.signal])
      let waiting: FeedEvent[] = []
      let wake: () => void = () => undefined
      const notify = (entry: FeedEvent): void => {
        waiting.push(entry)
        if (waiting.length > MAX_WAITING) waiting = [resync()]
        wake()
      }
      const end = (): void => wake()
      ended.addEventListener('abort', end)
      const seen = lastEventId === undefined ? undefined : parseFeedPosition(lastEventId)
      const kept = seen && keptSince(seen)
      if (kept) waiting = kept
      else if (lastEventId === undefined) waiting = recent()
      readers.add(notify)
      if (!timer) poll()
      try {
        if (lastEventId !== undefined && !kept) {
          const first = seen ? await missedElsewhere(lastEventId, seen.time) : [resync()]
          // What was told meanwhile is not newer than what is told now of the same recordings
          const told = new Set(first.map(({ event }) => subjectOf(event)))
          const meanwhile = waiting.filter(({ event }) => !told.has(subjectOf(event)))
          waiting = [...meanwhile.map(({ event }) => ({ id: lastEventId, event })), ...first]
        }
        while (!ended.aborted) {
          const entry = waiting.shift()
          if (entry) {
            yield entry
            continue
          }
          await new Promise<void>((resolve) => {
            wake = resolve
            if (ended.aborted || waiting.length > 0) resolve()
          })
        }
      } finally {
        readers.delete(notify)
        ended.removeEventListener('abort', end)
      }
    },
    get readers() {
      return readers.size
    },
    close() {
      closing.abort()
      unsubscribe()
      clearTimeout(timer)
    },
  }
}

/** Which recording an event is about. */
function subjectOf(event: RecordingEvent): string | undefined {
  if (event.type === 'resync') return undefined
  return event.type === 'deleted' ? event.recordingName : event.recording.name || event.recording.id
}
