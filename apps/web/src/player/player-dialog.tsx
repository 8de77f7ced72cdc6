import type { RecordingInfo } from '@roomreel/contracts'
import type { RecordingAction } from '../recordings/recording-dialogs.tsx'
import { RecordingFacts } from '../recordings/recording-facts.tsx'
import { recordingTitle } from '../recordings/recording-title.ts'
import { Dialog } from '../ui/dialog.tsx'
import { PlayerActions } from './player-actions.tsx'
import styles from './player-dialog.module.css'
import { RecordingPlayer } from './recording-player.tsx'

/** A recording over the page that it was opened from. */
export function PlayerDialog({
  recording,
  onClose,
  onAction,
}: {
  recording: RecordingInfo
  onClose: () => void
  onAction: (action: RecordingAction) => void
}) {
  return (
    <Dialog size="large" title={recordingTitle(recording)} onClose={onClose}>
      <RecordingPlayer recording={recording} />
      <div className={styles['bottom']}>
        <RecordingFacts recording={recording} />
        <PlayerActions recording={recording} onAction={onAction} />
      </div>
    </Dialog>
  )
}
