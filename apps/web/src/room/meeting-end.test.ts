import { DisconnectReason } from 'livekit-client'
import { describe, expect, it } from 'vitest'
import { meetingEnd } from './meeting-end.ts'

describe('meetingEnd', () => {
  it.each([
    ['leaving', DisconnectReason.CLIENT_INITIATED, 'You left the meeting'],
    ['removal', DisconnectReason.PARTICIPANT_REMOVED, 'You were removed'],
    ['the end of the room', DisconnectReason.ROOM_DELETED, 'The meeting has ended'],
    ['an empty room closing', DisconnectReason.ROOM_CLOSED, 'The meeting has ended'],
    ['the same person twice', DisconnectReason.DUPLICATE_IDENTITY, 'You joined somewhere else'],
    ['a server that stops', DisconnectReason.SERVER_SHUTDOWN, 'The server was stopped'],
    ['a broken network', DisconnectReason.SIGNAL_CLOSE, 'The connection was lost'],
    ['no reason at all', undefined, 'The connection was lost'],
  ])('%s', (_what, reason, title) => {
    expect(meetingEnd(reason).title).toBe(title)
  })
})
