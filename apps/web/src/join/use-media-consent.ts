import { useEffect, useState } from 'react'
import { askForMediaOnce } from './open-device.ts'

/** Asks for camera and microphone when the page opens. @returns whether the question has been answered */
export function useMediaConsent(): boolean {
  const [isAnswered, setIsAnswered] = useState(false)
  useEffect(() => {
    let isCurrent = true
    const done = (): void => {
      if (isCurrent) setIsAnswered(true)
    }
    askForMediaOnce().then(done, done)
    return () => {
      isCurrent = false
    }
  }, [])
  return isAnswered
}
