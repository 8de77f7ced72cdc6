import type { Room } from 'livekit-client'
import { X } from 'lucide-react'
import { useCallback, useId, useMemo, useState } from 'react'
import { formatMoment, formatMomentInFull } from '../recordings/format-moment.ts'
import type { ListedRecording } from '../recordings/listed-recording.ts'
import { RecordingButtons } from '../recordings/recording-buttons.tsx'
import { type RecordingAction, RecordingDialogs } from '../recordings/recording-dialogs.tsx'
import { RecordingFacts } from '../recordings/recording-facts.tsx'
import { Thumbnail } from '../recordings/thumbnail.tsx'
import { useLiveRecordings } from '../recordings/use-live-recordings.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './recordings-panel.module.css'
import { useRecordingDeleted } from './use-recording-deleted.ts'

const MINUTE_MS = 60_000

/** The recordings of this meeting, as they come, grow and go. */
export function RecordingsPanel({
  room,
  roomId,
  onClose,
}: {
  room: Room
  roomId: string
  onClose: () => void
}) {
  const filter = useMemo(() => ({ roomId }), [roomId])
  const { recordings, isPending, error, retry, hasMore, isLoadingMore, loadMore, forget } =
    useLiveRecordings(filter)
  const [action, setAction] = useState<RecordingAction>()
  const headingId = useId()
  useRecordingDeleted(
    room,
    useCallback((name: string) => forget([name]), [forget]),
  )
  return (
    <aside className={styles['panel']} aria-labelledby={headingId}>
      <header className={styles['header']}>
        <h2 id={headingId}>Recordings</h2>
        <Button variant="quiet" size="icon" aria-label="Close panel" onClick={onClose}>
          <X size={20} aria-hidden />
        </Button>
      </header>
      {error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {!isPending && error === null && recordings.length === 0 && (
        <p className={styles['empty']}>Nothing has been recorded in this meeting yet.</p>
      )}
      <ul className={styles['list']} aria-labelledby={headingId}>
        {isPending && <li className={styles['skeleton']} aria-hidden="true" />}
        {recordings.map((recording) => (
          <PanelRow key={recording.name || recording.id} recording={recording} onAction={setAction} />
        ))}
      </ul>
      {hasMore && (
        <Button size="small" isBusy={isLoadingMore} onClick={loadMore}>
          Show more
        </Button>
      )}
      <RecordingDialogs
        action={action}
        onAction={setAction}
        onResult={({ deleted }) => {
          forget(deleted)
        }}
      />
    </aside>
  )
}

function PanelRow({
  recording,
  onAction,
}: {
  recording: ListedRecording
  onAction: (action: RecordingAction) => void
}) {
  const titleId = useId()
  const { startedAt, name } = recording
  const now = useNow(MINUTE_MS)
  return (
    <li className={styles['row']}>
      <p id={titleId} className={styles['title']} title={formatMomentInFull(startedAt)}>
        {formatMoment(startedAt, now)}
      </p>
      <RecordingFacts recording={recording} />
      <p className={styles['name']} title={name}>
        {name || 'The file gets its name when the recording starts.'}
      </p>
      <div className={styles['bottom']}>
        <Thumbnail recording={recording} className={styles['thumbnail']} />
        <RecordingButtons recording={recording} describedBy={titleId} onAction={onAction} />
      </div>
    </li>
  )
}
