import { formatDuration } from '../recordings/format-duration.ts'
import { useNow } from '../ui/use-now.ts'
import type { RecordingPhase } from './recording-phase.ts'
import styles from './room-page.module.css'

/** What is announced; only one that runs is called a recording. */
const STATUS: Partial<Record<RecordingPhase['phase'], string>> = {
  asked: 'Starting…',
  starting: 'Starting…',
  recording: 'Recording',
  stopping: 'Saving…',
}

/**
 * Says to everybody that the room is being recorded, and for how long. The status is announced when it changes;
 * the clock beside it is silent.
 */
export function RecordingBadge({ phase }: { phase: RecordingPhase }) {
  const isRecording = phase.phase === 'recording'
  const startedAt = isRecording ? phase.startedAt : undefined
  const now = useNow(500, startedAt !== undefined)
  return (
    <div className={styles['badge']} data-recording={isRecording || undefined}>
      <output
        className={styles['status']}
        title={isRecording ? 'Everybody in this meeting is being recorded.' : undefined}
      >
        {STATUS[phase.phase]}
      </output>
      {startedAt !== undefined && (
        <span role="timer" aria-live="off" aria-label="Recorded so far" className={styles['clock']}>
          {formatDuration((now - startedAt) / 1000)}
        </span>
      )}
    </div>
  )
}
