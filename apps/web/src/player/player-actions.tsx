import type { RecordingInfo } from '@roomreel/contracts'
import { isPlayable } from '@roomreel/contracts'
import { Download, Share2, Trash2 } from 'lucide-react'
import type { RecordingAction } from '../recordings/recording-dialogs.tsx'
import { isDeletable } from '../recordings/recording-state.ts'
import { useDownload } from '../recordings/use-download.ts'
import { Button } from '../ui/button.tsx'
import styles from './player-actions.module.css'

/** What can be done with the recording that one watches. */
export function PlayerActions({
  recording,
  onAction,
}: {
  recording: RecordingInfo
  onAction: (action: RecordingAction) => void
}) {
  const download = useDownload()
  return (
    <div className={styles['actions']}>
      {isPlayable(recording) && (
        <>
          <Button
            size="small"
            isBusy={download.isPending}
            onClick={() => {
              download.mutate([recording.name])
            }}
          >
            <Download size={18} aria-hidden /> Download
          </Button>
          <Button
            size="small"
            onClick={() => {
              onAction({ kind: 'share', recordings: [recording] })
            }}
          >
            <Share2 size={18} aria-hidden /> Share
          </Button>
        </>
      )}
      {isDeletable(recording) && (
        <Button
          size="small"
          onClick={() => {
            onAction({ kind: 'delete', recordings: [recording] })
          }}
        >
          <Trash2 size={18} aria-hidden /> Delete
        </Button>
      )}
    </div>
  )
}
