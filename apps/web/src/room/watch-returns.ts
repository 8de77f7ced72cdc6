import { ConnectionState, type Room, RoomEvent } from 'livekit-client'

/** ms between two looks. */
const LOOK_MS = 250

/**
 * Looks at a room now, and each time livekit-client has lost it and come back. Once media flow again, 2.23.0 calls itself
 * connected, but goes on publishing its own tracks anew, holds back all events for the rest of two seconds, and then
 * forgets them. No event tells the end of that: so looks follow one another until it is over.
 *
 * @param look told whether livekit-client still comes back although it says that it is back; not so at the last look
 * @returns looks no more
 */
export function watchReturns(room: Room, look: (isComingBack: boolean) => void): () => void {
  let timer: number | undefined
  const lookOn = (): void => {
    window.clearTimeout(timer)
    // A room that is over has no engine
    const isComingBack = room.state === ConnectionState.Connected && room.engine.pendingReconnect
    if (isComingBack) timer = window.setTimeout(lookOn, LOOK_MS)
    look(isComingBack)
  }
  room.on(RoomEvent.Reconnected, lookOn)
  lookOn()
  return () => {
    room.off(RoomEvent.Reconnected, lookOn)
    window.clearTimeout(timer)
  }
}
