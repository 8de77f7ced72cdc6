import { LogOut } from 'lucide-react'
import { useEffect, useState } from 'react'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { Link } from '../navigation/link.tsx'
import { type RecordingAction, RecordingDialogs } from '../recordings/recording-dialogs.tsx'
import { useLiveRecordings } from '../recordings/use-live-recordings.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { NO_FILTER } from './library-filter.ts'
import { LibraryFilters } from './library-filters.tsx'
import { LibraryList } from './library-list.tsx'
import styles from './library-page.module.css'
import {
  NOTHING_SELECTED,
  type Selection,
  selectedRecordings,
  selectionAfter,
  toggleSelection,
} from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useLibraryFilter } from './use-library-filter.ts'

/** Every recording, newest first, searched as one types and narrowed by when and how it ended. */
export function Library() {
  const { filter, asked, change } = useLibraryFilter()
  const { recordings, isPending, error, retry, hasMore, isLoadingMore, loadMore, forget } =
    useLiveRecordings(asked)
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED)
  const [action, setAction] = useState<RecordingAction>()
  const selected = selectedRecordings(selection, recordings)
  const utils = trpc.useUtils()
  const becomeAnonymous = (): void => {
    utils.session.me.setData(undefined, { role: 'anonymous' })
  }
  const logout = trpc.session.logout.useMutation({ onSuccess: becomeAnonymous })
  const isExpired = error !== null && explainError(error).code === 'UNAUTHORIZED'

  useDocumentTitle('Recordings')
  useEffect(() => {
    if (isExpired) utils.session.me.setData(undefined, { role: 'anonymous' })
  }, [isExpired, utils])

  return (
    <main className={styles['page']}>
      <header className={styles['header']}>
        <h1>Recordings</h1>
        <nav className={styles['nav']}>
          <Link href="/">Start a meeting</Link>
          <Button
            size="small"
            variant="quiet"
            isBusy={logout.isPending}
            onClick={() => {
              logout.mutate()
            }}
          >
            <LogOut size={18} aria-hidden /> Log out
          </Button>
        </nav>
      </header>
      <LibraryFilters filter={filter} onChange={change} />
      {error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {logout.error && <ErrorNotice error={logout.error} />}
      <SelectionBar
        selected={selected}
        onClear={() => {
          setSelection(NOTHING_SELECTED)
        }}
        onAction={setAction}
      />
      {isPending && <Skeletons />}
      {!isPending && error === null && recordings.length === 0 && (
        <div className={styles['empty']}>
          {Object.keys(asked).length === 0 ? (
            <p>There are no recordings yet. Start a meeting and press Record.</p>
          ) : (
            <>
              <p>
                {asked.search === undefined
                  ? 'Nothing fits.'
                  : `Nothing that fits is called “${asked.search}”.`}
              </p>
              <Button
                onClick={() => {
                  change(NO_FILTER)
                }}
              >
                Clear filters
              </Button>
            </>
          )}
        </div>
      )}
      {!isPending && (
        <LibraryList
          recordings={recordings}
          selection={selection}
          onToggle={(name) => {
            setSelection((before) => toggleSelection(before, name))
          }}
          onAction={setAction}
          hasMore={hasMore}
          isLoadingMore={isLoadingMore}
          onMore={loadMore}
        />
      )}
      <RecordingDialogs
        action={action}
        onAction={setAction}
        onResult={(result) => {
          forget(result.deleted)
          setSelection((before) => selectionAfter(before, result))
        }}
      />
    </main>
  )
}

function Skeletons() {
  return (
    <div aria-hidden="true">
      {['a', 'b', 'c', 'd'].map((key) => (
        <div key={key} className={styles['slot']}>
          <div className={styles['skeleton']} />
        </div>
      ))}
    </div>
  )
}
