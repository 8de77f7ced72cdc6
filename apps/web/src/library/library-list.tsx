import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useState } from 'react'
import type { ListedRecording } from '../recordings/listed-recording.ts'
import type { RecordingAction } from '../recordings/recording-dialogs.tsx'
import styles from './library-page.module.css'
import { LibraryRow } from './library-row.tsx'
import type { Selection } from './selection.ts'

/** CSS pixels of a row before it is measured. */
const ROW_HEIGHT = 96
/** Rows that are drawn beyond what is seen. */
const OVERSCAN = 8
/** Rows before the end at which more is fetched. */
const FETCH_AHEAD = 10

/** An endless list: only what is seen is drawn, and more is fetched before one arrives at the end. */
export function LibraryList({
  recordings,
  selection,
  onToggle,
  onAction,
  hasMore,
  isLoadingMore,
  onMore,
}: {
  recordings: readonly ListedRecording[]
  selection: Selection
  onToggle: (name: string) => void
  onAction: (action: RecordingAction) => void
  hasMore: boolean
  isLoadingMore: boolean
  onMore: () => void
}) {
  const [list, setList] = useState<HTMLUListElement | null>(null)
  // oxlint-disable-next-line react/incompatible-library -- nothing here is compiled or memoized by the React Compiler
  const virtualizer = useWindowVirtualizer({
    count: recordings.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    // What stands above the list (a notice, the selection) comes and goes: read anew each time
    scrollMargin: list?.offsetTop ?? 0,
    getItemKey: (index) => {
      const recording = recordings[index]
      // A file that was found has no id, one that is not named yet no name
      return recording ? recording.name || recording.id : index
    },
  })
  const rows = virtualizer.getVirtualItems()
  const lastShown = rows.at(-1)?.index ?? -1
  const isNearEnd = hasMore && !isLoadingMore && lastShown >= recordings.length - FETCH_AHEAD
  useEffect(() => {
    if (isNearEnd) onMore()
  }, [isNearEnd, onMore])
  return (
    <ul
      ref={setList}
      className={styles['list']}
      style={{ height: virtualizer.getTotalSize() }}
      aria-label="Recordings"
    >
      {rows.map(({ index, key, start }) => {
        const recording = recordings[index]
        if (!recording) return null
        return (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className={styles['slot']}
            style={{ transform: `translateY(${start - virtualizer.options.scrollMargin}px)` }}
            aria-posinset={index + 1}
            aria-setsize={hasMore ? -1 : recordings.length}
          >
            <LibraryRow
              recording={recording}
              isSelected={selection.has(recording.name)}
              problem={selection.get(recording.name)}
              onToggle={onToggle}
              onAction={onAction}
            />
          </li>
        )
      })}
    </ul>
  )
}
