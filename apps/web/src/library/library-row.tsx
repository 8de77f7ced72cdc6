import { TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import { Link } from '../navigation/link.tsx'
import { recordingPath } from '../navigation/route.ts'
import { formatMoment, formatMomentInFull } from '../recordings/format-moment.ts'
import type { ListedRecording } from '../recordings/listed-recording.ts'
import { RecordingButtons } from '../recordings/recording-buttons.tsx'
import type { RecordingAction } from '../recordings/recording-dialogs.tsx'
import { RecordingFacts } from '../recordings/recording-facts.tsx'
import { Thumbnail } from '../recordings/thumbnail.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './library-page.module.css'

const MINUTE_MS = 60_000

export function LibraryRow({
  recording,
  isSelected,
  problem,
  onToggle,
  onAction,
}: {
  recording: ListedRecording
  isSelected: boolean
  /** Why it could not be deleted. */
  problem: string | undefined
  onToggle: (name: string) => void
  onAction: (action: RecordingAction) => void
}) {
  const titleId = useId()
  const { name, roomName, startedAt } = recording
  const now = useNow(MINUTE_MS)
  return (
    <div className={styles['row']} data-selected={isSelected || undefined}>
      <label className={styles['check']}>
        <input
          type="checkbox"
          checked={isSelected}
          disabled={name === ''}
          aria-label="Choose"
          aria-describedby={titleId}
          onChange={() => {
            onToggle(name)
          }}
        />
      </label>
      <Thumbnail recording={recording} className={styles['thumbnail']} />
      <div className={styles['what']}>
        <p id={titleId} className={styles['title']}>
          {name === '' ? (
            <span>{roomName}</span>
          ) : (
            <Link href={recordingPath(name)} className={styles['link']}>
              {roomName}
            </Link>
          )}
          <time
            className={styles['when']}
            dateTime={new Date(startedAt).toISOString()}
            title={formatMomentInFull(startedAt)}
          >
            {formatMoment(startedAt, now)}
          </time>
        </p>
        <RecordingFacts recording={recording} />
        <p className={styles['name']} title={name}>
          {name}
        </p>
        {problem !== undefined && (
          <p className={styles['problem']}>
            <TriangleAlert size={15} aria-hidden /> Not deleted: {problem}
          </p>
        )}
      </div>
      <RecordingButtons recording={recording} describedBy={titleId} onAction={onAction} />
    </div>
  )
}
