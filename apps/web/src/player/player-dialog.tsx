import type { RecordingInfo } from '@roomreel/contracts'
import { Download, Share2, Trash2 } from 'lucide-react'
import { RecordingFacts } from '../recordings/recording-facts.tsx'
import { recordingTitle } from '../recordings/recording-title.ts'
import { useDownload } from '../recordings/use-download.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import styles from './player-dialog.module.css'
import { RecordingPlayer } from './recording-player.tsx'

/** A recording over the page that it was opened from. */
export function PlayerDialog({
  recording,
  onClose,
  onShare,
  onDelete,
}: {
  recording: RecordingInfo
  onClose: () => void
  onShare: () => void
  onDelete: () => void
}) {
  const download = useDownload()
  return (
    <Dialog size="large" title={recordingTitle(recording)} onClose={onClose}>
      <RecordingPlayer recording={recording} />
      <div className={styles['bottom']}>
        <RecordingFacts recording={recording} />
        <div className={styles['actions']}>
          <Button
            size="small"
            isBusy={download.isPending}
            onClick={() => {
              download.mutate([recording.name])
            }}
          >
            <Download size={18} aria-hidden /> Download
          </Button>
          <Button size="small" onClick={onShare}>
            <Share2 size={18} aria-hidden /> Share
          </Button>
          <Button size="small" onClick={onDelete}>
            <Trash2 size={18} aria-hidden /> Delete
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
