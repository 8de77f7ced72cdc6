import { type Room, Track } from 'livekit-client'
import { useCallback, useState } from 'react'
import type { DeviceKind } from '../join/device-choice.ts'
import { mediaProblemOf, mediaProblemText } from '../join/media-problem.ts'
import { refreshMediaDevices } from '../join/use-media-devices.ts'
import { useToast } from '../ui/toast-context.ts'

/** Switches one's own microphone, camera and screen; what does not work is said in words. */
export function useLocalDevices(room: Room) {
  const showToast = useToast()
  const [busy, setBusy] = useState<DeviceKind | 'screen'>()

  const run = useCallback(
    (kind: DeviceKind | 'screen', work: () => Promise<unknown>): void => {
      setBusy(kind)
      work()
        .catch((error: unknown) => {
          const problem = mediaProblemOf(error)
          // Closing the browser's own picker is an answer, no fault
          if (kind === 'screen' && problem === 'denied') return
          const text =
            kind === 'screen'
              ? 'Your screen could not be shared. Try again.'
              : mediaProblemText(kind, problem)
          showToast(text, { tone: 'problem' })
        })
        .finally(() => {
          setBusy(undefined)
          refreshMediaDevices()
        })
    },
    [showToast],
  )
  const me = room.localParticipant
  const toggleMicrophone = useCallback(() => {
    run('microphone', () => me.setMicrophoneEnabled(!me.isMicrophoneEnabled))
  }, [me, run])
  const toggleCamera = useCallback(() => {
    run('camera', () => me.setCameraEnabled(!me.isCameraEnabled))
  }, [me, run])
  const toggleScreen = useCallback(() => {
    const isOn = me.getTrackPublication(Track.Source.ScreenShare) !== undefined
    run('screen', () => me.setScreenShareEnabled(!isOn, { audio: true }))
  }, [me, run])
  const chooseDevice = useCallback(
    (kind: DeviceKind, deviceId: string) => {
      run(kind, () => room.switchActiveDevice(kind === 'camera' ? 'videoinput' : 'audioinput', deviceId))
    },
    [room, run],
  )
  return { busy, toggleMicrophone, toggleCamera, toggleScreen, chooseDevice }
}
