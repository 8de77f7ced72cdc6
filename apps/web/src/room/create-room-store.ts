import { type Room, RoomEvent } from 'livekit-client'
import { readRoom, type RoomView } from './read-room.ts'
import { watchReturns } from './watch-returns.ts'

/** All that changes what `readRoom` sees. */
const EVENTS = [
  RoomEvent.ConnectionStateChanged,
  RoomEvent.Connected,
  RoomEvent.Reconnected,
  RoomEvent.Disconnected,
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantPermissionsChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.RoomMetadataChanged,
  RoomEvent.AudioPlaybackStatusChanged,
] as const

/** A room as a store of immutable views, for `useSyncExternalStore`. */
export interface RoomStore {
  readonly subscribe: (onChange: () => void) => () => void
  readonly getView: () => RoomView
}

/** Many events in one turn make one new view. */
export function createRoomStore(room: Room): RoomStore {
  let view = readRoom(room)
  return {
    getView: () => view,
    subscribe(onChange) {
      let isWaiting = false
      let isActive = true
      const refresh = (): void => {
        isWaiting = false
        if (!isActive) return
        view = readRoom(room)
        onChange()
      }
      const schedule = (): void => {
        if (isWaiting) return
        isWaiting = true
        queueMicrotask(refresh)
      }
      for (const event of EVENTS) room.on(event, schedule)
      // Now, for what happened since the first view, and while no events come
      const stopWatching = watchReturns(room, schedule)
      return () => {
        isActive = false
        for (const event of EVENTS) room.off(event, schedule)
        stopWatching()
      }
    },
  }
}
