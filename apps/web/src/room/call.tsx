import type { Room } from 'livekit-client'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { EnteredMeeting } from '../join/entered-meeting.ts'
import { type Reentry, rememberReentry } from '../join/reentry.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { ControlBar } from './control-bar.tsx'
import { Invitation } from './invitation.tsx'
import { RecordingBadge } from './recording-badge.tsx'
import { RecordingDeletedToast } from './recording-deleted-toast.tsx'
import { RecordingsPanel } from './recordings-panel.tsx'
import { RoomBanners } from './room-banners.tsx'
import styles from './room-page.module.css'
import { RoomSounds } from './room-sounds.tsx'
import { Stage } from './stage.tsx'
import { useBackQuestion } from './use-back-question.ts'
import { useNewSession } from './use-new-session.ts'
import { usePublishDevices } from './use-publish-devices.ts'
import { useRoomRecording } from './use-room-recording.ts'
import { useRoomView } from './use-room-view.ts'

/**
 * The room from inside.
 *
 * @param onNewSession the room is a new one of the same name, for which one has to be let in anew
 */
export function Call({
  room,
  meeting,
  onLeave,
  onNewSession,
}: {
  room: Room
  meeting: EnteredMeeting
  onLeave: () => void
  onNewSession: (who: Reentry) => void
}) {
  const { roomName, roomId } = meeting
  const view = useRoomView(room)
  const recording = useRoomRecording(roomName, view.metadata)
  const [isPanelOpen, setIsPanelOpen] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const isRecorded = recording.phase.phase === 'recording'
  const [me] = view.people

  usePublishDevices(room, meeting.devices)
  const reentry = useReentry(room, meeting, me?.isMuted !== true, me?.camera !== undefined)
  useNewSession(room, roomId, () => {
    onNewSession(reentry)
  })
  useDocumentTitle(isRecorded ? `🔴 ${roomName}` : roomName)
  useBackQuestion(
    useCallback(() => {
      setIsAsking(true)
    }, []),
  )
  const closePanel = useCallback(() => {
    setIsPanelOpen(false)
  }, [])
  if (!me) return null
  return (
    <main className={styles['room']}>
      <header className={styles['top']}>
        <h1 className={styles['title']} title={roomName}>
          {roomName}
        </h1>
        <span className={styles['count']}>
          {view.people.length === 1 ? '1 person' : `${view.people.length} people`}
        </span>
        <RecordingBadge phase={recording.phase} />
      </header>
      <div className={styles['banners']}>
        <RoomBanners room={room} view={view} recording={recording} />
      </div>
      <div className={styles['middle']}>
        <Stage people={view.people} />
        {view.people.length === 1 && <Invitation />}
        {isPanelOpen && <RecordingsPanel room={room} roomId={roomId} onClose={closePanel} />}
      </div>
      <ControlBar
        room={room}
        me={me}
        recording={recording}
        isPanelOpen={isPanelOpen}
        onPanel={() => {
          setIsPanelOpen((isOpen) => !isOpen)
        }}
        onLeave={onLeave}
      />
      <RoomSounds sounds={view.sounds} />
      <RecordingDeletedToast room={room} />
      {isAsking && (
        <ConfirmDialog
          title={`Leave “${roomName}”?`}
          confirmLabel="Leave"
          cancelLabel="Stay"
          onCancel={() => {
            setIsAsking(false)
          }}
          onConfirm={onLeave}
        >
          <p>
            {isRecorded
              ? 'The recording goes on without you as long as others are here.'
              : 'You can come back at any time.'}
          </p>
        </ConfirmDialog>
      )}
    </main>
  )
}

/** Whoever comes back, after a reload or into a new session, comes back as they were: muted stays muted. */
function useReentry(
  room: Room,
  { roomName, participantName }: EnteredMeeting,
  isMicrophoneOn: boolean,
  isCameraOn: boolean,
): Reentry {
  const reentry = useMemo<Reentry>(
    () => ({
      roomName,
      participantName,
      devices: {
        microphone: { isOn: isMicrophoneOn, deviceId: room.getActiveDevice('audioinput') ?? '' },
        camera: { isOn: isCameraOn, deviceId: room.getActiveDevice('videoinput') ?? '' },
      },
    }),
    [room, roomName, participantName, isMicrophoneOn, isCameraOn],
  )
  useEffect(() => {
    rememberReentry(reentry)
  }, [reentry])
  return reentry
}
