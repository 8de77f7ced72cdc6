import { useEffect, useState } from 'react'
import { canAskForMedia } from './open-device.ts'

/**
 * Cameras and microphones with their names, kept up to date as they are plugged in.
 * @param version a new value looks again: names appear once the person has allowed the devices
 */
export function useMediaDevices(version: unknown): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([])
  useEffect(() => {
    if (!canAskForMedia()) return undefined
    let isCurrent = true
    const look = (): void => {
      navigator.mediaDevices.enumerateDevices().then(
        (found) => {
          if (isCurrent) setDevices(found.filter((device) => device.deviceId !== ''))
        },
        // A policy forbids looking: the menus stay away, the default devices work
        () => undefined,
      )
    }
    look()
    navigator.mediaDevices.addEventListener('devicechange', look)
    return () => {
      isCurrent = false
      navigator.mediaDevices.removeEventListener('devicechange', look)
    }
  }, [version])
  return devices
}
