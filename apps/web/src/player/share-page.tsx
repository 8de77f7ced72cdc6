import { useCallback } from 'react'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import messageStyles from '../app/message-page.module.css'
import { CheckNotice } from '../recordings/check-notice.tsx'
import { Button } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { Player } from './player.tsx'
import styles from './player-page.module.css'
import { RecordingHeading } from './recording-heading.tsx'
import { startTime } from './start-time.ts'

/** What a share link opens: one recording, without a login. */
export function SharePage({ shareToken }: { shareToken: string }) {
  const opened = trpc.share.open.useQuery({ shareToken }, { staleTime: Infinity })
  const { client } = trpc.useUtils()
  const load = useCallback(
    (isProxied: boolean) => client.share.open.query({ shareToken, ...(isProxied && { strategy: 'PROXY' }) }),
    [client, shareToken],
  )
  useDocumentTitle(opened.data?.recording.roomName ?? 'Shared recording')
  if (opened.error) {
    const { message, code, isTransient } = explainError(opened.error)
    return (
      <main className={messageStyles['page']}>
        <h1>{titleFor(code)}</h1>
        <p>{message}</p>
        {(isTransient || code === 'CONFLICT') && (
          <Button
            variant="primary"
            isBusy={opened.isFetching}
            onClick={() => {
              void opened.refetch()
            }}
          >
            Try again
          </Button>
        )}
      </main>
    )
  }
  if (!opened.data) {
    return (
      <main className={styles['page']} aria-busy="true">
        <div className={styles['skeleton']} />
      </main>
    )
  }
  const { recording } = opened.data
  return (
    <main className={styles['page']}>
      <RecordingHeading recording={recording} />
      <CheckNotice recording={recording} />
      <Player recording={recording} load={load} startAt={startTime(window.location.search)} />
    </main>
  )
}

function titleFor(code: string | undefined): string {
  switch (code) {
    case 'UNAUTHORIZED':
    case 'FORBIDDEN':
    case 'BAD_REQUEST':
      return 'This link does not work any more'
    case 'NOT_FOUND':
      return 'This recording is gone'
    case 'CONFLICT':
      return 'Not finished yet'
    default:
      return 'The recording could not be opened'
  }
}
