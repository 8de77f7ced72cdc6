import { dispose } from '@livekit/rtc-node'
import { DisconnectReason, LeaveRequest } from '@livekit/protocol'
import { afterAll, describe, expect, it } from 'vitest'
import { connectNative } from '../support/rtc-node.ts'
import { eventually } from '../support/eventually.ts'
import { connectRaw, messagesOf, type RawClient } from '../support/raw-client.ts'
import { startServer } from '../support/server.ts'
import { startWebhookSink, type WebhookSink } from '../support/webhook-sink.ts'

afterAll(() => dispose())

describe('timeouts', () => {
  it('a room nobody joins ends after the empty timeout', async () => {
    await using sink = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url], emptyTimeoutSeconds: 1 })
    await server.rooms.createRoom({ name: 'empty' })
    await eventually('the room is finished', () => sink.names().includes('room_finished'))
    expect(await server.rooms.listRooms()).toEqual([])
  })

  it('a room ends after its last participant left, and takes the recorder along', async () => {
    await using sink = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url], departureTimeoutSeconds: 1 })
    const grant = { hidden: true, recorder: true, canPublish: false, canPublishData: false }
    await using recorder = await connectNative(server.url, await server.token('EG_recorder', 'left', grant))
    {
      await using alice = await connectNative(server.url, await server.token('alice', 'left'))
      expect(alice.room.isConnected).toBe(true)
    }
    await eventually('the room is finished', () => sink.names().includes('room_finished'))
    const gone = sink.events.find(
      (event) => event.event === 'participant_left' && event.participant?.identity === 'EG_recorder',
    )
    expect(gone?.participant?.disconnectReason).toBe(DisconnectReason.ROOM_CLOSED)
    await eventually('the recorder is disconnected', () => !recorder.room.isConnected)
  })

  it('rooms with their own empty timeouts end in the order of these', async () => {
    await using sink = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url] })
    // The one that ends last is there first
    await server.rooms.createRoom({ name: 'never' })
    await server.rooms.createRoom({ name: 'later', emptyTimeout: 4 })
    await server.rooms.createRoom({ name: 'soon', emptyTimeout: 1 })
    await eventually('two have ended', () => finishedRooms(sink).length >= 2)
    expect(finishedRooms(sink)).toEqual(['soon', 'later'])
    expect((await server.rooms.listRooms()).map(({ name }) => name)).toEqual(['never'])
  })

  it('a recorder in a room that nobody else joins does not put off its end', async () => {
    await using sink = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url] })
    await server.rooms.createRoom({ name: 'first', emptyTimeout: 2 })
    await server.rooms.createRoom({ name: 'recorded', emptyTimeout: 4 })
    await server.rooms.createRoom({ name: 'last', emptyTimeout: 5 })
    const grant = { hidden: true, recorder: true }
    const recorder = await connectRaw(server, 'EG_recorder', 'recorded', grant)
    await eventually('the first has ended', () => finishedRooms(sink).length === 1)
    await leave(recorder)
    await eventually('all have ended', () => finishedRooms(sink).length === 3)
    expect(finishedRooms(sink)).toEqual(['first', 'recorded', 'last'])
  })

  it('a room that was left waits as long as it was told for somebody to come back', async () => {
    await using sink = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url] })
    // An empty timeout that is over long before does not matter to a room that somebody has been in
    const emptyTimeout = 1
    const returned = await server.rooms.createRoom({ name: 'returned', emptyTimeout, departureTimeout: 5 })
    await server.rooms.createRoom({ name: 'later', emptyTimeout, departureTimeout: 5 })
    await server.rooms.createRoom({ name: 'soon', emptyTimeout, departureTimeout: 1 })
    const join = async (room: string): Promise<RawClient> => connectRaw(server, 'alice', room)
    for (const client of await Promise.all(['returned', 'later', 'soon'].map(join))) await leave(client)
    await eventually('the first has ended', () => finishedRooms(sink).length > 0)
    expect(finishedRooms(sink)).toEqual(['soon'])
    const back = await join('returned')
    expect(messagesOf(back, 'join')[0]?.value.room?.sid).toBe(returned.sid)
    await eventually('the one nobody came back to has ended', () => finishedRooms(sink).length > 1)
    expect(finishedRooms(sink)).toEqual(['soon', 'later'])
    await leave(back)
    await eventually('the last has ended', () => finishedRooms(sink).length > 2)
    expect(sink.events.at(-1)?.room?.sid).toBe(returned.sid)
  })
})

async function leave(client: RawClient): Promise<void> {
  client.say({ case: 'leave', value: new LeaveRequest() })
  await client.closed()
}

/** Names of the rooms that have ended, in that order. */
function finishedRooms(sink: WebhookSink): (string | undefined)[] {
  return sink.events.filter(({ event }) => event === 'room_finished').map(({ room }) => room?.name)
}
