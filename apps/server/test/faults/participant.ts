import { Room } from '@livekit/rtc-node'
import type { Meeting } from './meeting.ts'

/** Somebody who is in the room, not only in the page. @returns how they leave */
export async function attend(meeting: Meeting): Promise<() => Promise<void>> {
  const room = new Room()
  await room.connect(meeting.product.stack.livekit.url, meeting.token, {
    autoSubscribe: false,
    dynacast: false,
  })
  return () => room.disconnect()
}
