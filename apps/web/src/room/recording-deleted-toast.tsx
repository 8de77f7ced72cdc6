import type { Room } from 'livekit-client'
import { useCallback } from 'react'
import { useToast } from '../ui/toast-context.ts'
import { useRecordingDeleted } from './use-recording-deleted.ts'

/** Tells everybody in the room that a recording is gone, whether they look at the list or not. */
export function RecordingDeletedToast({ room }: { room: Room }) {
  const showToast = useToast()
  const tell = useCallback(() => {
    // Toasts are announced as statuses, and a status that says "recording" means that one runs
    showToast('Something recorded in this meeting was deleted.')
  }, [showToast])
  useRecordingDeleted(room, tell)
  return null
}
