import type { RecordingFilter } from '@roomreel/contracts'
import { useCallback, useMemo } from 'react'
import { trpc } from '../api/trpc.ts'
import { applyRecordingEvent, removeRecordings } from './apply-recording-event.ts'
import type { ListedRecording } from './listed-recording.ts'

export interface LiveRecordings {
  /** Newest first, as far as they are loaded. */
  readonly recordings: readonly ListedRecording[]
  /** Nothing has been loaded yet. */
  readonly isPending: boolean
  readonly error: unknown
  readonly retry: () => void
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly loadMore: () => void
  /** Takes away what is known to be gone, before the server says so. */
  readonly forget: (names: readonly string[]) => void
}

/** The recordings that the caller may see, page by page, kept up to date as things happen. */
export function useLiveRecordings(filter: RecordingFilter): LiveRecordings {
  const { list } = trpc.useUtils().recordings
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    trpc.recordings.list.useInfiniteQuery(filter, {
      getNextPageParam: (page) => page.nextCursor,
      // A search that is being looked up leaves the last answer in place
      placeholderData: (previous) => previous,
    })
  trpc.recordings.events.useSubscription(filter, {
    onStarted: () => {
      // What happened before anybody listened, or while the connection was away. A failure is the query's state
      void list.invalidate(filter)
    },
    onData: ({ data: event }) => {
      if (event.type === 'resync') {
        void list.invalidate(filter)
        return
      }
      list.setInfiniteData(
        filter,
        (known) => known && { ...known, pages: applyRecordingEvent(known.pages, event) },
      )
    },
  })
  const forget = useCallback(
    (names: readonly string[]) => {
      list.setInfiniteData(
        filter,
        (known) => known && { ...known, pages: removeRecordings(known.pages, names) },
      )
    },
    [list, filter],
  )
  return {
    recordings: useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]),
    isPending,
    error,
    retry: useCallback(() => {
      // What comes of it is the query's state, here and below
      void refetch()
    }, [refetch]),
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    loadMore: useCallback(() => {
      void fetchNextPage()
    }, [fetchNextPage]),
    forget,
  }
}
