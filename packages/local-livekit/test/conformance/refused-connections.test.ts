import { DisconnectReason, LeaveRequest, LeaveRequest_Action } from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectNative } from '../support/rtc-node.ts'
import { connectRefused } from '../support/raw-client.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.close()
  await dispose()
})

it('who finds a room full is refused before the WebSocket is open', async () => {
  await server.rooms.createRoom({ name: 'small', maxParticipants: 1 })
  await using alice = await connectNative(server.url, await server.token('alice', 'small'))
  expect(alice.room.isConnected).toBe(true)
  const refused = await connectRefused(server, `/rtc?access_token=${await server.token('bob', 'small')}`)
  expect(refused).toEqual({ status: 500, text: 'connection closed by media' })
  const identities = async (): Promise<string[]> =>
    (await server.rooms.listParticipants('small')).map(({ identity }) => identity)
  expect(await identities()).toEqual(['alice'])
  // Who comes again takes the place of the former self
  await using again = await connectNative(server.url, await server.token('alice', 'small'))
  expect(again.room.isConnected).toBe(true)
  expect(await identities()).toEqual(['alice'])
})

it('who wants to resume what nobody knows is told to start over, and has made the room', async () => {
  const token = await server.token('alice', 'unknown')
  const refused = await connectRefused(server, `/rtc?access_token=${token}&reconnect=1&protocol=16`)
  const leave = new LeaveRequest({
    reason: DisconnectReason.STATE_MISMATCH,
    action: LeaveRequest_Action.RECONNECT,
  })
  expect(refused).toEqual({ code: 1000, messages: [{ case: 'leave', value: leave }] })
  expect(await server.rooms.listRooms(['unknown'])).toHaveLength(1)
  expect(await server.rooms.listParticipants('unknown')).toEqual([])
})
