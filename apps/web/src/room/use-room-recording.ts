import { parseRoomMetadata } from '@roomreel/contracts'
import { useEffect, useMemo } from 'react'
import { trpc } from '../api/trpc.ts'
import { recordingPhase, type RecordingPhase } from './recording-phase.ts'

export interface RoomRecording {
  readonly phase: RecordingPhase
  /** Why one's own start or stop was refused; null when it was not. */
  readonly error: unknown
  readonly start: () => void
  readonly stop: () => void
  readonly dismissError: () => void
}

/** The room's recording as its metadata says it, with the means to start and stop it. */
export function useRoomRecording(roomName: string, metadataText: string | undefined): RoomRecording {
  const starting = trpc.recordings.start.useMutation()
  const stopping = trpc.recordings.stop.useMutation()
  const metadata = useMemo(() => parseRoomMetadata(metadataText), [metadataText])
  const asked = starting.isPending ? 'start' : stopping.isPending ? 'stop' : undefined
  const { reset: resetStarting } = starting
  const { reset: resetStopping } = stopping
  const dismissError = (): void => {
    resetStarting()
    resetStopping()
  }
  const isRunning = metadata.recordingStatus === 'STARTED'
  useEffect(() => {
    // What was refused before says nothing of one that runs by now
    if (isRunning) resetStarting()
  }, [isRunning, resetStarting])
  return {
    phase: recordingPhase(metadata, asked),
    error: starting.error ?? stopping.error,
    start: () => {
      dismissError()
      starting.mutate({ roomName })
    },
    stop: () => {
      dismissError()
      stopping.mutate({ roomName })
    },
    dismissError,
  }
}
