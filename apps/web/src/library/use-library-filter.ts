import type { RecordingFilter } from '@roomreel/contracts'
import { useEffect, useMemo, useState } from 'react'
import { navigate } from '../navigation/navigate.ts'
import { useDebounced } from '../ui/use-debounced.ts'
import {
  type LibraryFilter,
  readLibraryFilter,
  recordingFilterOf,
  writeLibraryFilter,
} from './library-filter.ts'

/** ms without a key press after which a search begins. */
const SEARCH_DELAY_MS = 250

/**
 * The library's filter, which is kept in the page's address: it survives a reload and can be sent to somebody.
 * `asked` is what the server is asked for; like the address, it waits until typing rests.
 */
export function useLibraryFilter(): {
  filter: LibraryFilter
  asked: RecordingFilter
  change: (part: Partial<LibraryFilter>) => void
} {
  const [filter, setFilter] = useState(() => readLibraryFilter(window.location.search))
  const query = useDebounced(writeLibraryFilter(filter), SEARCH_DELAY_MS)
  useEffect(() => {
    // Half a date is in its field but not yet in the address
    const next = writeLibraryFilter(readLibraryFilter(query))
    if (window.location.search.slice(1) === next) return
    navigate(next === '' ? window.location.pathname : `${window.location.pathname}?${next}`, {
      replace: true,
    })
  }, [query])
  return {
    filter,
    asked: useMemo(() => recordingFilterOf(readLibraryFilter(query)), [query]),
    change: (part) => {
      setFilter((before) => ({ ...before, ...part }))
    },
  }
}
