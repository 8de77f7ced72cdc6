import type { RecordingInfo } from '@roomreel/contracts'
import prettyBytes from 'pretty-bytes'
import { classNames } from '../ui/class-names.ts'
import { useNow } from '../ui/use-now.ts'
import { formatDuration } from './format-duration.ts'
import styles from './recording-facts.module.css'
import { recordingState } from './recording-state.ts'

/** How long, how large, and where it stands; a running recording ticks. */
export function RecordingFacts({ recording }: { recording: RecordingInfo }) {
  const now = useNow(500, recording.status === 'STARTED')
  const { kind, text } = recordingState(recording, now)
  return (
    <span className={styles['facts']}>
      {(kind === 'ready' || kind === 'partial') && (
        <>
          <span>{formatDuration(recording.duration)}</span>
          <span>{prettyBytes(recording.size, { maximumFractionDigits: 1 })}</span>
        </>
      )}
      {text !== 'Ready' && <span className={classNames(styles['state'], styles[kind])}>{text}</span>}
    </span>
  )
}
