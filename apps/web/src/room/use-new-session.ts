import type { Room } from 'livekit-client'
import { useEffect, useRef } from 'react'
import { watchReturns } from './watch-returns.ts'

/**
 * Calls back, once, when the room that this page is in is another session than the one it was let into: LiveKit has
 * lost the room (a crash, a Redis that forgot) and has made a new one of its name when the page came back. What opens
 * the old session's recordings doesn't open the new one's.
 *
 * @param roomId of the session that the page was let into
 */
export function useNewSession(room: Room, roomId: string, onNewSession: () => void): void {
  const tell = useRef(onNewSession)
  useEffect(() => {
    tell.current = onNewSession
  }, [onNewSession])
  useEffect(() => {
    let isCurrent = true
    const compare = async (): Promise<void> => {
      // Empty for who is out of the room again
      const sid = await room.getSid()
      if (!isCurrent || sid === '' || sid === roomId) return
      isCurrent = false
      tell.current()
    }
    const stopWatching = watchReturns(room, (isComingBack) => {
      // Who leaves meanwhile would take a camera and a microphone that are just being taken again
      if (isComingBack) return
      // Rejects when one is put out of the room while waiting
      compare().catch(() => undefined)
    })
    return () => {
      isCurrent = false
      stopWatching()
    }
  }, [room, roomId])
}
