import type { Room } from 'livekit-client'
import { useState } from 'react'
import { explainError } from '../api/explain-error.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import type { RoomView } from './read-room.ts'
import type { RoomRecording } from './use-room-recording.ts'

/** What everybody has to know at once, above the stage. */
export function RoomBanners({
  room,
  view,
  recording,
}: {
  room: Room
  view: RoomView
  recording: RoomRecording
}) {
  const { phase, error } = recording
  const refused = error === null ? undefined : explainError(error)
  const failure = phase.phase === 'failed' ? (phase.recordingId ?? 'unknown') : undefined
  const [dismissed, setDismissed] = useState<string>()
  // The next failure is news again, also when neither has an id
  if (failure === undefined && dismissed !== undefined) setDismissed(undefined)
  return (
    <>
      {view.connection === 'reconnecting' && (
        <Notice tone="warning" role="alert">
          The connection is interrupted. You are being brought back…
        </Notice>
      )}
      {view.isSoundBlocked && (
        <Notice
          tone="warning"
          actions={
            <Button
              size="small"
              onClick={() => {
                // A browser that still refuses keeps the button where it is
                room.startAudio().catch(() => undefined)
              }}
            >
              Turn sound on
            </Button>
          }
        >
          Your browser has not switched the sound on.
        </Notice>
      )}
      {refused && (
        <Notice
          tone="problem"
          role="alert"
          details={refused.details}
          actions={
            <Button
              size="small"
              variant="quiet"
              onClick={() => {
                recording.dismissError()
                setDismissed(failure)
              }}
            >
              Dismiss
            </Button>
          }
        >
          {refused.message}
        </Notice>
      )}
      {/* Whoever was refused has just read why: one reason, one alert */}
      {phase.phase === 'failed' && failure !== dismissed && !refused && (
        <Notice
          tone="problem"
          role="alert"
          details={phase.recordingId}
          actions={
            <Button
              size="small"
              variant="quiet"
              onClick={() => {
                setDismissed(failure)
              }}
            >
              Dismiss
            </Button>
          }
        >
          {phase.reason ?? 'The last recording failed.'} You can start a new one.
        </Notice>
      )}
    </>
  )
}
