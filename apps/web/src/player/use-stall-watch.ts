import { type RefObject, useEffect } from 'react'

/** ms without a byte while the picture waits for some; a host that swallows packets never fails by itself. */
const STALL_MS = 12_000

/** Tells when a video that is to be seen waits for data that do not come. */
export function useStallWatch(video: RefObject<HTMLVideoElement | null>, onStall: () => void): void {
  useEffect(() => {
    const element = video.current
    if (!element) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const rest = (): void => {
      clearTimeout(timer)
      timer = undefined
    }
    const watch = (): void => {
      rest()
      timer = setTimeout(onStall, STALL_MS)
    }
    const hearBytes = (): void => {
      if (timer !== undefined) watch()
    }
    const WAITS = ['loadstart', 'waiting', 'seeking'] as const
    const ENDS = ['loadeddata', 'playing', 'seeked', 'error', 'emptied'] as const
    for (const event of WAITS) element.addEventListener(event, watch)
    for (const event of ENDS) element.addEventListener(event, rest)
    element.addEventListener('progress', hearBytes)
    return () => {
      rest()
      for (const event of WAITS) element.removeEventListener(event, watch)
      for (const event of ENDS) element.removeEventListener(event, rest)
      element.removeEventListener('progress', hearBytes)
    }
  }, [video, onStall])
}
