import type { Room } from 'livekit-client'
import { useMemo, useSyncExternalStore } from 'react'
import { createRoomStore } from './create-room-store.ts'
import type { RoomView } from './read-room.ts'

/** The room as it is now, as plain values. */
export function useRoomView(room: Room): RoomView {
  const store = useMemo(() => createRoomStore(room), [room])
  return useSyncExternalStore(store.subscribe, store.getView)
}
