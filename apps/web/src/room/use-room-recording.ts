import { parseRoomMetadata } from '@roomreel/contracts'
import { useMemo } from 'react'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { useToast } from '../ui/toast-context.ts'
import { recordingPhase, type RecordingPhase } from './recording-phase.ts'

export interface RoomRecording {
  readonly phase: RecordingPhase
  readonly start: () => void
  readonly stop: () => void
}

/** The room's recording as its metadata says it, with the means to start and stop it. */
export function useRoomRecording(roomName: string, metadataText: string | undefined): RoomRecording {
  const showToast = useToast()
  const onError = (error: unknown): void => {
    showToast(explainError(error).message, { tone: 'problem' })
  }
  const starting = trpc.recordings.start.useMutation({ onError })
  const stopping = trpc.recordings.stop.useMutation({ onError })
  const metadata = useMemo(() => parseRoomMetadata(metadataText), [metadataText])
  const asked = starting.isPending ? 'start' : stopping.isPending ? 'stop' : undefined
  return {
    phase: recordingPhase(metadata, asked),
    start: () => {
      starting.mutate({ roomName })
    },
    stop: () => {
      stopping.mutate({ roomName })
    },
  }
}
