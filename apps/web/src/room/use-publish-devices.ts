import type { Room } from 'livekit-client'
import { useEffect } from 'react'
import type { DeviceChoice } from '../join/device-choice.ts'
import { mediaProblemOf, mediaProblemText } from '../join/media-problem.ts'
import { useToast } from '../ui/toast-context.ts'

/** Sends what the preview was set to, once, on entering. A device that can't be had is said, and left out. */
export function usePublishDevices(room: Room, devices: DeviceChoice): void {
  const showToast = useToast()
  useEffect(() => {
    const me = room.localParticipant
    const say = (kind: 'camera' | 'microphone') => (error: unknown) => {
      showToast(mediaProblemText(kind, mediaProblemOf(error)), { tone: 'problem' })
    }
    const { camera, microphone } = devices
    if (microphone.isOn) {
      me.setMicrophoneEnabled(true, device(microphone.deviceId)).catch(say('microphone'))
    }
    if (camera.isOn) me.setCameraEnabled(true, device(camera.deviceId)).catch(say('camera'))
    // The choice is that of the moment of entering
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [room])
}

const device = (deviceId: string) => (deviceId === '' ? {} : { deviceId })
