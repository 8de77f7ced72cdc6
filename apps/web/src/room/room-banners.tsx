import type { Room } from 'livekit-client'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import type { RoomView } from './read-room.ts'
import type { RecordingPhase } from './recording-phase.ts'

/** What everybody has to know at once, above the stage. */
export function RoomBanners({ room, view, phase }: { room: Room; view: RoomView; phase: RecordingPhase }) {
  const [dismissed, setDismissed] = useState<string>()
  const failure = phase.phase === 'failed' ? (phase.recordingId ?? 'unknown') : undefined
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
      {phase.phase === 'failed' && failure !== dismissed && (
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
