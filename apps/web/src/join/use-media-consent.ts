import { useEffect, useState } from 'react'
import { askForMediaOnce } from './open-device.ts'

/** Asks for camera and microphone when the page opens. @returns whether the question has been answered */
export function useMediaConsent(): boolean {
  const [isAnswered, setIsAnswered] = useState(false)
  useEffect(() => {
    let isCurrent = true
    const ask = async (): Promise<void> => {
      await askForMediaOnce()
      if (isCurrent) setIsAnswered(true)
    }
    // Asking never fails: a refusal is an answer
    void ask()
    return () => {
      isCurrent = false
    }
  }, [])
  return isAnswered
}
