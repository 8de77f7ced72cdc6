import type { Room } from 'livekit-client'
import { ListVideo, LogOut, Mic, MicOff, ScreenShare, ScreenShareOff, Video, VideoOff } from 'lucide-react'
import { useMediaDevices } from '../join/use-media-devices.ts'
import { Button } from '../ui/button.tsx'
import styles from './control-bar.module.css'
import { DeviceMenu } from './device-menu.tsx'
import type { PersonView } from './read-room.ts'
import { RecordButton } from './record-button.tsx'
import { useLocalDevices } from './use-local-devices.ts'
import { useRoomKeys } from './use-room-keys.ts'
import type { RoomRecording } from './use-room-recording.ts'

/** Everything that one can do in the room. */
export function ControlBar({
  room,
  me,
  recording,
  isPanelOpen,
  onPanel,
  onLeave,
}: {
  room: Room
  me: PersonView
  recording: RoomRecording
  isPanelOpen: boolean
  onPanel: () => void
  onLeave: () => void
}) {
  const local = useLocalDevices(room)
  const devices = useMediaDevices()
  useRoomKeys(local.toggleMicrophone, local.toggleCamera)
  const isCameraOn = me.camera !== undefined
  const canShare = 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices
  return (
    <div className={styles['bar']} role="toolbar" aria-label="Meeting controls">
      <div className={styles['pair']}>
        <Button
          size="icon"
          variant={me.isMuted ? 'danger' : 'plain'}
          isBusy={local.busy === 'microphone'}
          aria-label={me.isMuted ? 'Turn microphone on' : 'Turn microphone off'}
          aria-keyshortcuts="M"
          title={me.isMuted ? 'Turn microphone on (M)' : 'Turn microphone off (M)'}
          onClick={local.toggleMicrophone}
        >
          {me.isMuted ? <MicOff size={20} aria-hidden /> : <Mic size={20} aria-hidden />}
        </Button>
        <DeviceMenu
          label="Choose microphone"
          devices={devices.filter((device) => device.kind === 'audioinput')}
          activeId={room.getActiveDevice('audioinput')}
          onChoose={(deviceId) => {
            local.chooseDevice('microphone', deviceId)
          }}
        />
      </div>
      <div className={styles['pair']}>
        <Button
          size="icon"
          variant={isCameraOn ? 'plain' : 'danger'}
          isBusy={local.busy === 'camera'}
          aria-label={isCameraOn ? 'Turn camera off' : 'Turn camera on'}
          aria-keyshortcuts="V"
          title={isCameraOn ? 'Turn camera off (V)' : 'Turn camera on (V)'}
          onClick={local.toggleCamera}
        >
          {isCameraOn ? <Video size={20} aria-hidden /> : <VideoOff size={20} aria-hidden />}
        </Button>
        <DeviceMenu
          label="Choose camera"
          devices={devices.filter((device) => device.kind === 'videoinput')}
          activeId={room.getActiveDevice('videoinput')}
          onChoose={(deviceId) => {
            local.chooseDevice('camera', deviceId)
          }}
        />
      </div>
      {canShare && (
        <Button
          size="icon"
          className={styles['share']}
          isBusy={local.busy === 'screen'}
          aria-label={me.screen ? 'Stop sharing' : 'Share screen'}
          title={me.screen ? 'Stop sharing' : 'Share screen'}
          onClick={local.toggleScreen}
        >
          {me.screen ? <ScreenShareOff size={20} aria-hidden /> : <ScreenShare size={20} aria-hidden />}
        </Button>
      )}
      <RecordButton recording={recording} />
      <Button
        size="icon"
        aria-label="Recordings"
        aria-expanded={isPanelOpen}
        title="Recordings"
        className={isPanelOpen ? styles['pressed'] : undefined}
        onClick={onPanel}
      >
        <ListVideo size={20} aria-hidden />
      </Button>
      <Button className={styles['leave']} aria-label="Leave" title="Leave" onClick={onLeave}>
        <LogOut size={20} aria-hidden />
        <span className={styles['word']}>Leave</span>
      </Button>
    </div>
  )
}
