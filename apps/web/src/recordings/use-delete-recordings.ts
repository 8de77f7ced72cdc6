import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { useToast } from '../ui/toast-context.ts'

/** A recording that is still there, and why. */
export interface DeletionFailure {
  readonly recordingName: string
  readonly message: string
}

/** What came of a deletion, one by one. */
export interface DeletionResult {
  readonly deleted: readonly string[]
  readonly failed: readonly DeletionFailure[]
}

/** Deletes recordings for everybody; says that some could not be deleted, and hands on which and why. */
export function useDeleteRecordings(
  onResult: (result: DeletionResult) => void,
): ReturnType<typeof trpc.recordings.delete.useMutation> {
  const showToast = useToast()
  return trpc.recordings.delete.useMutation({
    onSuccess: ({ deleted, failed }) => {
      onResult({ deleted, failed })
      const [first] = failed
      if (!first) return
      const text =
        failed.length + deleted.length === 1
          ? first.message
          : `${deleted.length} deleted, ${failed.length} still there: see each for the reason.`
      showToast(text, { tone: 'problem' })
    },
    onError: (error) => {
      showToast(explainError(error).message, { tone: 'problem' })
    },
  })
}
