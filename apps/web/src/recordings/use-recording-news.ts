import type { RecordingFilter } from '@roomreel/contracts'
import { useEffect } from 'react'
import { trpc } from '../api/trpc.ts'
import type { ListedEvent } from './listed-recording.ts'

/** ms after which one listens again, when the server has ended the stream of news instead of the network. */
const LISTEN_AGAIN_MS = 2_000

/**
 * Hears what happens to recordings for as long as the caller is shown.
 * @param filter of the server's; it must stay the same object for as long as it says the same
 * @param onGap what happened until now may have been missed: at the beginning, after the connection was away, and
 *   when the server no longer knows what it has told
 */
export function useRecordingNews(
  filter: Pick<RecordingFilter, 'roomName' | 'roomId' | 'search'>,
  onNews: (event: ListedEvent) => void,
  onGap: () => void,
): void {
  const { status, reset } = trpc.recordings.events.useSubscription(filter, {
    onStarted: onGap,
    onData: ({ data: event }) => {
      if (event.type === 'resync') onGap()
      else onNews(event)
    },
  })
  const isOver = status === 'error' || status === 'idle'
  useEffect(() => {
    if (!isOver) return undefined
    // A broken connection is made again by the browser itself; an answer that is no stream is final to it
    const timer = setTimeout(reset, LISTEN_AGAIN_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [isOver, reset])
}
