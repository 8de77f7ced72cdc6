import { Mic, MicOff, Video, VideoOff } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from '../ui/button.tsx'
import type { DeviceChoice, DeviceKind } from './device-choice.ts'
import styles from './preview.module.css'
import { useLevelMeter } from './use-level-meter.ts'

/** How a person will be seen and heard, with the switches for both. */
export function Preview({
  choice,
  cameraTrack,
  microphoneTrack,
  onToggle,
}: {
  choice: DeviceChoice
  cameraTrack: MediaStreamTrack | undefined
  microphoneTrack: MediaStreamTrack | undefined
  onToggle: (kind: DeviceKind) => void
}) {
  const video = useRef<HTMLVideoElement>(null)
  const meter = useRef<HTMLDivElement>(null)
  useLevelMeter(microphoneTrack, meter)
  useEffect(() => {
    if (video.current) video.current.srcObject = cameraTrack ? new MediaStream([cameraTrack]) : null
  }, [cameraTrack])
  const { camera, microphone } = choice
  return (
    <div className={styles['preview']}>
      <video ref={video} className={styles['video']} hidden={!cameraTrack} autoPlay muted playsInline />
      {!cameraTrack && <p className={styles['empty']}>{camera.isOn ? 'No picture yet' : 'Camera is off'}</p>}
      <div ref={meter} className={styles['meter']} aria-hidden="true" />
      <div className={styles['switches']}>
        <Button
          className={styles['switch']}
          size="icon"
          variant={microphone.isOn ? 'plain' : 'danger'}
          aria-label={microphone.isOn ? 'Turn microphone off' : 'Turn microphone on'}
          onClick={() => {
            onToggle('microphone')
          }}
        >
          {microphone.isOn ? <Mic size={20} aria-hidden /> : <MicOff size={20} aria-hidden />}
        </Button>
        <Button
          className={styles['switch']}
          size="icon"
          variant={camera.isOn ? 'plain' : 'danger'}
          aria-label={camera.isOn ? 'Turn camera off' : 'Turn camera on'}
          onClick={() => {
            onToggle('camera')
          }}
        >
          {camera.isOn ? <Video size={20} aria-hidden /> : <VideoOff size={20} aria-hidden />}
        </Button>
      </div>
    </div>
  )
}
