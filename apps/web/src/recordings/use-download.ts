import { useMutation } from '@tanstack/react-query'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { useToast } from '../ui/toast-context.ts'
import { saveFile } from './save-file.ts'
import { useS3Reach } from './use-s3-reach.ts'

/** ms between two files: a browser drops a download that is asked for before the one before has begun. */
const PAUSE_MS = 1_500

/** Saves recordings on the person's machine, one after the other. */
export function useDownload() {
  const utils = trpc.useUtils()
  const showToast = useToast()
  const { strategy } = useS3Reach()
  return useMutation({
    mutationFn: async (names: readonly string[]) => {
      for (const [index, recordingName] of names.entries()) {
        if (index > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
        const { url } = await utils.client.recordings.playback.query({
          recordingName,
          download: true,
          ...(strategy && { strategy }),
        })
        saveFile(url, recordingName)
      }
    },
    onError: (error) => {
      showToast(explainError(error).message, { tone: 'problem' })
    },
  })
}
