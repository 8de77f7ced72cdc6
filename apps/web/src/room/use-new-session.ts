import { type Room, RoomEvent } from 'livekit-client'
import { useEffect, useRef } from 'react'
import { COMING_BACK_LOOK_MS, isComingBack } from './is-coming-back.ts'

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
    let timer: number | undefined
    const compare = async (): Promise<void> => {
      // Empty for who is out of the room again
      const sid = await room.getSid()
      if (!isCurrent || sid === '' || sid === roomId) return
      isCurrent = false
      tell.current()
    }
    const check = (): void => {
      // Who leaves meanwhile would take a camera and a microphone that are just being taken again
      if (isComingBack(room)) {
        window.clearTimeout(timer)
        timer = window.setTimeout(check, COMING_BACK_LOOK_MS)
        return
      }
      // Rejects when one is put out of the room while waiting
      compare().catch(() => undefined)
    }
    check()
    room.on(RoomEvent.Reconnected, check)
    return () => {
      isCurrent = false
      window.clearTimeout(timer)
      room.off(RoomEvent.Reconnected, check)
    }
  }, [room, roomId])
}
