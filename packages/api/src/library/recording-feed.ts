import type { RecordingEvent } from '@roomreel/contracts'
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { RecordingIndex } from './recording-index.ts'

/** Events kept for those who were away for a moment. */
const HISTORY_LENGTH = 1_000
/** Events that may wait for one slow reader; one who has more is told to fetch anew instead. */
const MAX_WAITING = 1_000
/** ms between two looks at S3 while somebody listens: what another replica wrote shows this soon. */
const POLL_MS = 2_000

export interface FeedEvent {
  readonly id: string
  readonly event: RecordingEvent
}

/** Library changes as they happen on any replica. */
export interface RecordingFeed {
  /**
   * @param lastEventId what the reader has seen; what came since is sent first, or `resync` where that is not known
   * @param signal ends the reading
   */
  read(lastEventId: string | undefined, signal: AbortSignal): AsyncIterable<FeedEvent>
  close(): void
}

export function createRecordingFeed(index: RecordingIndex, log: Logger): RecordingFeed {
  // Ids of this process mean nothing to another one, and must not look as if they did
  const epoch = randomBytes(6).toString('hex')
  let sequence = 0
  const history: FeedEvent[] = []
  const readers = new Set<(entry: FeedEvent) => void>()
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined

  const unsubscribe = index.subscribe((event) => {
    const entry = { id: `${epoch}-${++sequence}`, event }
    history.push(entry)
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
  const resync = (): FeedEvent => ({ id: `${epoch}-${sequence}`, event: { type: 'resync' } })

  const since = (lastEventId: string | undefined): FeedEvent[] => {
    if (lastEventId === undefined) return []
    const [readEpoch, text = ''] = lastEventId.split('-')
    const seen = /^\d+$/.test(text) ? Number(text) : Number.NaN
    const firstKept = sequence - history.length
    const isKnown = readEpoch === epoch && seen >= firstKept && seen <= sequence
    return isKnown ? history.slice(seen - firstKept) : [resync()]
  }

  return {
    async *read(lastEventId, signal) {
      const ended = AbortSignal.any([signal, closing.signal])
      const waiting = since(lastEventId)
      let wake: () => void = () => undefined
      const notify = (entry: FeedEvent): void => {
        waiting.push(entry)
        if (waiting.length > MAX_WAITING) waiting.splice(0, waiting.length, resync())
        wake()
      }
      const end = (): void => wake()
      readers.add(notify)
      ended.addEventListener('abort', end)
      if (!timer) poll()
      try {
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
    close() {
      closing.abort()
      unsubscribe()
      clearTimeout(timer)
    },
  }
}
