import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { useToast } from '../ui/toast-context.ts'

/** Deletes recordings for everybody; says which could not be deleted, and why. */
export function useDeleteRecordings(
  onDeleted: (names: readonly string[]) => void,
): ReturnType<typeof trpc.recordings.delete.useMutation> {
  const showToast = useToast()
  return trpc.recordings.delete.useMutation({
    onSuccess: ({ deleted, failed }) => {
      onDeleted(deleted)
      const [first] = failed
      if (!first) return
      const text =
        failed.length === 1 ? first.message : `${failed.length} recordings are still there. ${first.message}`
      showToast(text, { tone: 'problem' })
    },
    onError: (error) => {
      showToast(explainError(error).message, { tone: 'problem' })
    },
  })
}
