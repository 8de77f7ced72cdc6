import type { RecordingInfo } from '@roomreel/contracts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { recordingTitle } from './recording-title.ts'
import { type DeletionResult, useDeleteRecordings } from './use-delete-recordings.ts'

/** Asks before recordings are gone for everybody. */
export function DeleteDialog({
  recordings,
  onClose,
  onResult,
}: {
  recordings: readonly [RecordingInfo, ...RecordingInfo[]]
  onClose: () => void
  onResult: (result: DeletionResult) => void
}) {
  const deletion = useDeleteRecordings(onResult)
  const what =
    recordings.length === 1 ? `“${recordingTitle(recordings[0])}”` : `${recordings.length} recordings`
  return (
    <ConfirmDialog
      title={`Delete ${what}?`}
      confirmLabel="Delete"
      isBusy={deletion.isPending}
      onCancel={onClose}
      onConfirm={() => {
        deletion.mutate({ recordingNames: recordings.map(({ name }) => name) }, { onSettled: onClose })
      }}
    >
      <p>It will be gone for everybody, and links to it stop working. This can’t be undone.</p>
    </ConfirmDialog>
  )
}
