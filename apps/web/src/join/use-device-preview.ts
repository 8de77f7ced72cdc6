import { useEffect, useState } from 'react'
import type { DeviceKind, DeviceSetting } from './device-choice.ts'
import type { MediaProblem } from './media-problem.ts'
import { openDevice, type OpenedDevice } from './open-device.ts'
import { refreshMediaDevices } from './use-media-devices.ts'

export interface DevicePreview {
  readonly track?: MediaStreamTrack
  readonly problem?: MediaProblem
}

const OFF: DevicePreview = {}

/**
 * The opened device as long as it is switched on, or why there is none. Switched off, it is closed, so that
 * the camera's light goes out.
 * @param isReady whether devices may be opened yet
 */
export function useDevicePreview(kind: DeviceKind, setting: DeviceSetting, isReady: boolean): DevicePreview {
  const [opened, setOpened] = useState<OpenedDevice>()
  const isWanted = isReady && setting.isOn
  useEffect(() => {
    if (!isWanted) return undefined
    let isCurrent = true
    let track: MediaStreamTrack | undefined
    const keep = (result: OpenedDevice): void => {
      if ('track' in result) {
        track = result.track
        if (!isCurrent) track.stop()
      }
      if (isCurrent) setOpened(result)
      refreshMediaDevices()
    }
    // It never throws: what goes wrong is part of its answer
    void openDevice(kind, setting.deviceId).then(keep)
    return () => {
      isCurrent = false
      track?.stop()
      setOpened(undefined)
    }
  }, [kind, setting.deviceId, isWanted])
  return opened ?? OFF
}
