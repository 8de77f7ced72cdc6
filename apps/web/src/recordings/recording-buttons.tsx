import { isPlayable, type RecordingInfo } from '@roomreel/contracts'
import { Download, Play, Share2, Trash2 } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import type { RecordingAction } from './recording-dialogs.tsx'
import styles from './recording-buttons.module.css'
import { isDeletable } from './recording-state.ts'
import { useDownload } from './use-download.ts'

/**
 * What can be done with one recording. The buttons' names are the same in each row.
 * @param describedBy id of the element that says which recording it is
 */
export function RecordingButtons({
  recording,
  describedBy,
  onAction,
}: {
  recording: RecordingInfo
  describedBy: string
  onAction: (action: RecordingAction) => void
}) {
  const download = useDownload()
  const canPlay = isPlayable(recording)
  const act = (kind: RecordingAction['kind']) => () => {
    onAction({ kind, recordings: [recording] })
  }
  const common = { 'aria-describedby': describedBy, size: 'icon', variant: 'quiet' } as const
  return (
    <div className={styles['buttons']}>
      {canPlay && (
        <>
          <Button {...common} aria-label="Play" title="Play" onClick={act('play')}>
            <Play size={20} aria-hidden />
          </Button>
          <Button
            {...common}
            aria-label="Download"
            title="Download"
            isBusy={download.isPending}
            onClick={() => {
              download.mutate([recording.name])
            }}
          >
            <Download size={20} aria-hidden />
          </Button>
          <Button {...common} aria-label="Share" title="Share" onClick={act('share')}>
            <Share2 size={20} aria-hidden />
          </Button>
        </>
      )}
      {isDeletable(recording) && (
        <Button
          {...common}
          className={styles['delete']}
          aria-label="Delete"
          title="Delete"
          onClick={act('delete')}
        >
          <Trash2 size={20} aria-hidden />
        </Button>
      )}
    </div>
  )
}
