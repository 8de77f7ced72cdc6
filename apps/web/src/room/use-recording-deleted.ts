import { RECORDING_DELETED_TOPIC, RecordingDeletedSchema } from '@roomreel/contracts'
import { type Room, RoomEvent } from 'livekit-client'
import { useEffect } from 'react'

/** Hears from the room that one of its recordings is gone. Messages that are not the server's are not believed. */
export function useRecordingDeleted(room: Room, onDeleted: (recordingName: string) => void): void {
  useEffect(() => {
    const hear = (payload: Uint8Array, sender: unknown, _kind: unknown, topic?: string): void => {
      // The server sends as nobody; a participant could send anything
      if (topic !== RECORDING_DELETED_TOPIC || sender !== undefined) return
      const recordingName = parse(payload)
      if (recordingName !== undefined) onDeleted(recordingName)
    }
    room.on(RoomEvent.DataReceived, hear)
    return () => {
      room.off(RoomEvent.DataReceived, hear)
    }
  }, [room, onDeleted])
}

function parse(payload: Uint8Array): string | undefined {
  try {
    return RecordingDeletedSchema.parse(JSON.parse(new TextDecoder().decode(payload))).recordingName
  } catch {
    // Somebody else's message under our topic says nothing to us
    return undefined
  }
}
