import type { RecordingInfo } from '@roomreel/contracts'
import { formatMomentInFull } from '../recordings/format-moment.ts'
import { RecordingFacts } from '../recordings/recording-facts.tsx'
import styles from './player-page.module.css'

/** What a recording is, over its player. */
export function RecordingHeading({ recording }: { recording: RecordingInfo }) {
  return (
    <header className={styles['header']}>
      <h1 className={styles['title']}>{recording.roomName}</h1>
      <p>{formatMomentInFull(recording.startedAt)}</p>
      <RecordingFacts recording={recording} />
      <p className={styles['name']}>{recording.name}</p>
    </header>
  )
}
