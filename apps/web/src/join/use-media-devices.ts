import { useEffect, useState } from 'react'
import { canAskForMedia } from './open-device.ts'

/** Cameras and microphones with their names, kept up to date as they are plugged in and allowed. */
export function useMediaDevices(): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([])
  useEffect(() => {
    if (!canAskForMedia()) return undefined
    let isCurrent = true
    const look = async (): Promise<void> => {
      try {
        const found = await navigator.mediaDevices.enumerateDevices()
        if (isCurrent) setDevices(found.filter((device) => device.deviceId !== ''))
      } catch {
        // A policy forbids looking: the menus stay away, the default devices work
      }
    }
    const onChange = (): void => {
      void look()
    }
    onChange()
    navigator.mediaDevices.addEventListener('devicechange', onChange)
    return () => {
      isCurrent = false
      navigator.mediaDevices.removeEventListener('devicechange', onChange)
    }
  }, [])
  return devices
}

/** Has the lists of devices looked at again: their names appear once a person has allowed them. */
export function refreshMediaDevices(): void {
  if (canAskForMedia()) navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
}
