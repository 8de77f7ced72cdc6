import type { RecordingInfo } from '@roomreel/contracts'
import { lazy, Suspense } from 'react'
import { DeleteDialog } from './delete-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'
import type { DeletionResult } from './use-delete-recordings.ts'

const PlayerDialog = lazy(() =>
  import('../player/player-dialog.tsx').then((module) => ({ default: module.PlayerDialog })),
)

/** What somebody wants with some recordings, until the dialog about it is closed. */
export interface RecordingAction {
  readonly kind: 'play' | 'share' | 'delete'
  readonly recordings: readonly [RecordingInfo, ...RecordingInfo[]]
}

/** The dialog that belongs to an action on a list, if there is one. */
export function RecordingDialogs({
  action,
  onAction,
  onResult,
}: {
  action: RecordingAction | undefined
  onAction: (action: RecordingAction | undefined) => void
  onResult: (result: DeletionResult) => void
}) {
  if (!action) return null
  const close = (): void => {
    onAction(undefined)
  }
  const [recording] = action.recordings
  switch (action.kind) {
    case 'play':
      return (
        <Suspense fallback={null}>
          <PlayerDialog recording={recording} onClose={close} onAction={onAction} />
        </Suspense>
      )
    case 'share':
      return <ShareDialog recording={recording} onClose={close} />
    case 'delete':
      return <DeleteDialog recordings={action.recordings} onClose={close} onResult={onResult} />
  }
}
