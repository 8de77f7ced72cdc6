import { isPlayable, MAX_DELETE_COUNT, type RecordingInfo } from '@roomreel/contracts'
import { Button } from '../ui/button.tsx'
import type { RecordingAction } from '../recordings/recording-dialogs.tsx'
import { useDownload } from '../recordings/use-download.ts'
import styles from './library-page.module.css'

/** What can be done with several recordings at once; there for as long as some are chosen. */
export function SelectionBar({
  selected,
  onClear,
  onAction,
}: {
  selected: readonly RecordingInfo[]
  onClear: () => void
  onAction: (action: RecordingAction) => void
}) {
  const download = useDownload()
  if (selected.length === 0) return null
  const playable = selected.filter(isPlayable)
  // One that still runs is asked for as well: the answer says why it stays
  const [first, ...rest] = selected
  return (
    <div className={styles['selection']} role="toolbar" aria-label="Chosen recordings">
      <p className={styles['selectionText']}>{selected.length} chosen</p>
      <Button
        size="small"
        disabled={playable.length === 0}
        isBusy={download.isPending}
        onClick={() => {
          download.mutate(playable.map(({ name }) => name))
        }}
      >
        Download chosen
      </Button>
      <Button
        size="small"
        variant="danger"
        disabled={!first || rest.length >= MAX_DELETE_COUNT}
        title={rest.length >= MAX_DELETE_COUNT ? `At most ${MAX_DELETE_COUNT} at once` : undefined}
        onClick={() => {
          if (first) onAction({ kind: 'delete', recordings: [first, ...rest] })
        }}
      >
        Delete chosen
      </Button>
      <Button size="small" variant="quiet" onClick={onClear}>
        Clear
      </Button>
    </div>
  )
}
