import { DisconnectReason, Room, RoomEvent } from 'livekit-client'
import { useEffect, useState } from 'react'
import type { EnteredMeeting } from '../join/entered-meeting.ts'

/** Where the connection to a room stands. */
export type RoomConnection =
  | { readonly state: 'joining' }
  | { readonly state: 'inside'; readonly room: Room }
  | { readonly state: 'outside'; readonly reason: DisconnectReason | undefined }
  | { readonly state: 'failed'; readonly error: unknown }

/** Connects for as long as the caller is shown, and leaves the room with it. */
export function useRoomConnection({ serverUrl, token }: EnteredMeeting): RoomConnection {
  const [connection, setConnection] = useState<RoomConnection>({ state: 'joining' })
  useEffect(() => {
    let isCurrent = true
    const room = new Room({ adaptiveStream: true, dynacast: true })
    const change = (next: RoomConnection): void => {
      if (isCurrent) setConnection(next)
    }
    room.on(RoomEvent.Disconnected, (reason) => {
      change({ state: 'outside', reason })
    })
    room.connect(serverUrl, token).then(
      () => {
        change({ state: 'inside', room })
      },
      (error: unknown) => {
        change({ state: 'failed', error })
      },
    )
    return () => {
      isCurrent = false
      // Nobody is there to be told: the server notices a closed socket, too
      room.disconnect().catch(() => undefined)
    }
  }, [serverUrl, token])
  return connection
}
