import { ConnectionState, type Room } from 'livekit-client'

/** ms between two looks at it: no event tells its end. */
export const COMING_BACK_LOOK_MS = 250

/**
 * Whether livekit-client still comes back although it says that it is back. Once media flow again, 2.23.0 calls itself
 * connected, but goes on publishing its own tracks anew, holds back all events for the rest of two seconds, and then
 * forgets them.
 */
export function isComingBack(room: Room): boolean {
  // A room that is over has no engine
  return room.state === ConnectionState.Connected && room.engine.pendingReconnect
}
