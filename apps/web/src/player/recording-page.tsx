import { useCallback, useState } from 'react'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import messageStyles from '../app/message-page.module.css'
import { AdminGate } from '../library/admin-gate.tsx'
import { Link } from '../navigation/link.tsx'
import { navigate } from '../navigation/navigate.ts'
import { AuditPanel } from '../recordings/audit-panel.tsx'
import { type RecordingAction, RecordingDialogs } from '../recordings/recording-dialogs.tsx'
import { useRecordingNews } from '../recordings/use-recording-news.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { PlayerActions } from './player-actions.tsx'
import styles from './player-page.module.css'
import { RecordingHeading } from './recording-heading.tsx'
import { RecordingPlayer } from './recording-player.tsx'
import { startTime } from './start-time.ts'

/** Its name alone is known before it is loaded, and may be longer than what can be sought. */
const EVERYTHING = {}

/** One recording of the admin's library, at an address of its own. */
export function RecordingPage({ recordingName }: { recordingName: string }) {
  return (
    <AdminGate>
      <Recording recordingName={recordingName} />
    </AdminGate>
  )
}

function Recording({ recordingName }: { recordingName: string }) {
  const query = trpc.recordings.get.useQuery({ recordingName })
  const { audit, get } = trpc.useUtils().recordings
  const look = useCallback(() => {
    // What is found, or that it is gone, is the query's state
    void get.invalidate({ recordingName })
  }, [get, recordingName])
  useRecordingNews(
    EVERYTHING,
    useCallback(
      (event) => {
        const name = event.type === 'deleted' ? event.recordingName : event.recording.name
        if (name === recordingName) look()
      },
      [recordingName, look],
    ),
    look,
  )
  const [action, setAction] = useState<RecordingAction>()
  const recording = query.data
  useDocumentTitle(recording?.roomName ?? 'Recording')
  if (query.error) {
    const { code, message } = explainError(query.error)
    if (code === 'NOT_FOUND' || code === 'BAD_REQUEST') {
      return (
        <main className={messageStyles['page']}>
          <h1>This recording is gone</h1>
          <p>{message}</p>
          <Link href="/recordings">All recordings</Link>
          <AuditPanel recordingName={recordingName} />
        </main>
      )
    }
  }
  return (
    <main className={styles['page']}>
      <nav>
        <Link href="/recordings">All recordings</Link>
      </nav>
      {query.error && (
        <ErrorNotice
          error={query.error}
          onRetry={() => {
            void query.refetch()
          }}
        />
      )}
      {recording ? (
        <>
          <RecordingHeading recording={recording} />
          <RecordingPlayer recording={recording} startAt={startTime(window.location.search)} />
          <PlayerActions recording={recording} onAction={setAction} />
          <AuditPanel recordingName={recordingName} />
        </>
      ) : (
        <div className={styles['skeleton']} aria-busy="true" />
      )}
      <RecordingDialogs
        action={action}
        onAction={(next) => {
          setAction(next)
          // What was done in the dialog is history now
          if (!next) void audit.invalidate({ recordingName })
        }}
        onResult={({ deleted }) => {
          if (deleted.length > 0) navigate('/recordings', { replace: true })
        }}
      />
    </main>
  )
}
