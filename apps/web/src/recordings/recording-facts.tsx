import type { RecordingInfo } from '@roomreel/contracts'
import prettyBytes from 'pretty-bytes'
import { classNames } from '../ui/class-names.ts'
import { useNow } from '../ui/use-now.ts'
import { CheckMark } from './check-mark.tsx'
import { formatDuration } from './format-duration.ts'
import styles from './recording-facts.module.css'
import { recordingState } from './recording-state.ts'

/** How long, how large, where it stands and what its file was found to be; a running recording ticks. */
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
      <CheckMark recording={recording} />
    </span>
  )
}
