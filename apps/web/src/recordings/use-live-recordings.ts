import type { RecordingFilter } from '@roomreel/contracts'
import { useCallback, useMemo, useState } from 'react'
import { trpc } from '../api/trpc.ts'
import { applyRecordingEvent } from './apply-recording-event.ts'
import { belongsToFilter } from './belongs-to-filter.ts'
import type { ListedEvent, ListedPage, ListedRecording } from './listed-recording.ts'
import { useRecordingNews } from './use-recording-news.ts'

/** News that are kept to be told to an answer that left the server before they happened. */
const MAX_RECENT = 200

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

/**
 * The recordings that the caller may see, page by page, kept up to date as things happen.
 * @param filter the same object for as long as it says the same
 */
export function useLiveRecordings(filter: RecordingFilter): LiveRecordings {
  const { list } = trpc.useUtils().recordings
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    trpc.recordings.list.useInfiniteQuery(filter, {
      getNextPageParam: (page) => page.nextCursor,
      // A search that is being looked up leaves the last answer in place
      placeholderData: (previous) => previous,
    })
  const [recent, setRecent] = useState<readonly ListedEvent[]>([])
  const apply = useCallback(
    (pages: readonly ListedPage[], event: ListedEvent) =>
      applyRecordingEvent(pages, event, (recording) => belongsToFilter(recording, filter)),
    [filter],
  )
  const hear = useCallback(
    (event: ListedEvent) => {
      setRecent((before) => [...before, event].slice(-MAX_RECENT))
      list.setInfiniteData(filter, (known) => known && { ...known, pages: apply(known.pages, event) })
    },
    [list, filter, apply],
  )
  useRecordingNews(
    useMemo(() => newsFilter(filter), [filter]),
    hear,
    useCallback(() => {
      setRecent([])
      // A failure is the query's state
      void list.invalidate(filter)
    }, [list, filter]),
  )
  return {
    // An answer that was on its way when something happened does not know of it: it is told once more. Of the last
    // answer, which stays while another is looked up, there is shown what belongs to the new filter as well
    recordings: useMemo(
      () =>
        recent
          .reduce(apply, data?.pages ?? [])
          .flatMap((page) => page.items)
          .filter((recording) => belongsToFilter(recording, filter)),
      [recent, apply, data, filter],
    ),
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
    forget: useCallback(
      (names: readonly string[]) => {
        for (const recordingName of names) hear({ type: 'deleted', recordingName })
      },
      [hear],
    ),
  }
}

/** A recording that leaves the list by its state or its time is to be heard of as well. */
function newsFilter({ roomName, roomId, search }: RecordingFilter) {
  return {
    ...(roomName !== undefined && { roomName }),
    ...(roomId !== undefined && { roomId }),
    ...(search !== undefined && { search }),
  }
}
