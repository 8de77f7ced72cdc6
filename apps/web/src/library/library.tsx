import { MAX_SEARCH_LENGTH } from '@roomreel/contracts'
import { LogOut, Search } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { Link } from '../navigation/link.tsx'
import { type RecordingAction, RecordingDialogs } from '../recordings/recording-dialogs.tsx'
import { useLiveRecordings } from '../recordings/use-live-recordings.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { LibraryList } from './library-list.tsx'
import styles from './library-page.module.css'
import { type Selection, selectedRecordings, toggleSelection } from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useSearchInUrl } from './use-search-in-url.ts'

/** ms without a key press after which a search begins. */
const SEARCH_DELAY_MS = 250

/** Every recording, newest first, searched as one types. */
export function Library() {
  const [searchInUrl, setSearchInUrl] = useSearchInUrl()
  const [typed, setTyped] = useState(searchInUrl)
  const search = useDebounced(typed.trim(), SEARCH_DELAY_MS)
  const filter = useMemo(() => (search === '' ? {} : { search }), [search])
  const { recordings, isPending, error, retry, hasMore, isLoadingMore, loadMore, forget } =
    useLiveRecordings(filter)
  const [selection, setSelection] = useState<Selection>(new Set())
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
    setSearchInUrl(search)
  }, [search, setSearchInUrl])
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
      <search className={styles['search']}>
        <Search size={18} aria-hidden className={styles['searchIcon']} />
        <input
          type="search"
          className={styles['searchBox']}
          aria-label="Search recordings"
          placeholder="Search recordings"
          maxLength={MAX_SEARCH_LENGTH}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
          }}
        />
      </search>
      {error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {logout.error && <ErrorNotice error={logout.error} />}
      <SelectionBar
        selected={selected}
        onClear={() => {
          setSelection(new Set())
        }}
        onAction={setAction}
      />
      {isPending && <Skeletons />}
      {!isPending && error === null && recordings.length === 0 && (
        <div className={styles['empty']}>
          {search === '' ? (
            <p>There are no recordings yet. Start a meeting and press Record.</p>
          ) : (
            <>
              <p>Nothing is called “{search}”.</p>
              <Button
                onClick={() => {
                  setTyped('')
                }}
              >
                Clear search
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
      <RecordingDialogs action={action} onAction={setAction} onDeleted={forget} />
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
