import { useEffect, useState } from 'react'

/** The time in ms since the epoch, new every so often while it is wanted. */
export function useNow(intervalMs: number, isWanted = true): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isWanted) return undefined
    const update = (): void => {
      setNow(Date.now())
    }
    update()
    const timer = setInterval(update, intervalMs)
    return () => {
      clearInterval(timer)
    }
  }, [intervalMs, isWanted])
  return now
}
