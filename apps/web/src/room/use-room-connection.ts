import { type DisconnectReason, Room, RoomEvent } from 'livekit-client'
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
    const room = new Room({ adaptiveStream: true, dynacast: true, disconnectOnPageLeave: false })
    const change = (next: RoomConnection): void => {
      if (isCurrent) setConnection(next)
    }
    const connect = async (): Promise<void> => {
      try {
        await room.connect(serverUrl, token)
        change({ state: 'inside', room })
      } catch (error) {
        change({ state: 'failed', error })
      }
    }
    const leave = (): void => {
      // From here on nobody is there to be told: a reload is not the end of the meeting for this person
      isCurrent = false
      // Should it fail, the server notices the closed socket
      room.disconnect().catch(() => undefined)
    }
    room.on(RoomEvent.Disconnected, (reason) => {
      change({ state: 'outside', reason })
    })
    window.addEventListener('pagehide', leave)
    void connect()
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [serverUrl, token])
  return connection
}
