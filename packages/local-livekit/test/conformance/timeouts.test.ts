import { dispose } from '@livekit/rtc-node'
import { DisconnectReason } from '@livekit/protocol'
import { afterAll, describe, expect, it } from 'vitest'
import { connectNative } from '../support/rtc-node.ts'
import { eventually } from '../support/eventually.ts'
import { startServer } from '../support/server.ts'
import { startWebhookSink } from '../support/webhook-sink.ts'

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

  it('a room with its own timeouts keeps to them', async () => {
    await using server = await startServer()
    await server.rooms.createRoom({ name: 'short', emptyTimeout: 1 })
    await server.rooms.createRoom({ name: 'long' })
    await eventually('the short one is gone', async () => (await server.rooms.listRooms()).length === 1)
    expect((await server.rooms.listRooms())[0]?.name).toBe('long')
  })
})
