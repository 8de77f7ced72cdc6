import { DisconnectReason } from 'livekit-client'

/** How a stay in a room came to its end. */
export interface MeetingEnd {
  readonly title: string
  readonly text: string
}

/** What a person is told when they are out of the room without having left it. Pure. */
export function meetingEnd(reason: DisconnectReason | undefined): MeetingEnd {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return { title: 'You left the meeting', text: 'You can come back as long as it goes on.' }
    case DisconnectReason.PARTICIPANT_REMOVED:
      return { title: 'You were removed', text: 'Somebody has taken you out of this meeting.' }
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return { title: 'The meeting has ended', text: 'Recordings that were running are saved.' }
    case DisconnectReason.DUPLICATE_IDENTITY:
      return {
        title: 'You joined somewhere else',
        text: 'This window has left so that the other one can stay.',
      }
    case DisconnectReason.SERVER_SHUTDOWN:
      return { title: 'The server was stopped', text: 'Try to join again in a moment.' }
    default:
      return { title: 'The connection was lost', text: 'Check your network, then join again.' }
  }
}
