import type { PartialMessage } from '@bufbuild/protobuf'
import { JoinRequest, type JoinResponse } from '@livekit/protocol'
import { AccessToken, RoomConfiguration, type VideoGrant } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callRoomService } from '../support/call-room-service.ts'
import { eventually } from '../support/eventually.ts'
import { encodeJoinRequest, messagesOf, openSignal, type RawClient } from '../support/raw-client.ts'
import { API_KEY, API_SECRET, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

function accessToken(room: string, identity: string, grant: VideoGrant = {}): AccessToken {
  const token = new AccessToken(API_KEY, API_SECRET, { identity, ttl: '1h' })
  token.addGrant({ roomJoin: true, room, ...grant })
  return token
}

async function join(token: AccessToken, request?: PartialMessage<JoinRequest>): Promise<RawClient> {
  const access = { access_token: await token.toJwt() }
  if (!request) return openSignal(server, '/rtc', access)
  const join_request = encodeJoinRequest(new JoinRequest(request))
  return openSignal(server, '/rtc/v1', { ...access, join_request })
}

function joinResponse(client: RawClient): JoinResponse | undefined {
  return messagesOf(client, 'join')[0]?.value
}

describe.concurrent('what a joining client says of itself', () => {
  it('adds to what its token says, if it may', async () => {
    const token = accessToken('own-words', 'alice', { canUpdateOwnMetadata: true })
    token.metadata = 'of the token'
    token.attributes = { hand: 'down', seat: '1' }
    const client = await join(token, {
      metadata: 'own',
      participantAttributes: { hand: 'up', seat: '', mood: 'curious' },
    })
    const { metadata, attributes } = joinResponse(client)?.participant ?? {}
    expect(metadata).toBe('own')
    expect(attributes).toEqual({ hand: 'up', seat: '1', mood: 'curious' })
    client.socket.close()
  })

  it.each<{ what: string; request: PartialMessage<JoinRequest> }>([
    { what: 'metadata', request: { metadata: 'own' } },
    { what: 'attributes', request: { participantAttributes: { hand: 'up' } } },
  ])('keeps it out without permission: $what', async ({ what, request }) => {
    await expect(join(accessToken(what, 'alice'), request)).rejects.toThrow('401')
    expect(await server.rooms.listRooms([what])).toEqual([])
  })

  it.each<{ what: string; request: PartialMessage<JoinRequest> }>([
    { what: 'attributes', request: { participantAttributes: { much: 'x'.repeat(64 * 1024) } } },
    { what: 'metadata', request: { metadata: 'x'.repeat(512 * 1024 + 1) } },
  ])('keeps it out when there are too many $what', async ({ what, request }) => {
    const token = accessToken(`too many ${what}`, 'alice', { canUpdateOwnMetadata: true })
    await expect(join(token, request)).rejects.toThrow('500')
  })
})

describe.concurrent('the room configuration of a token', () => {
  const config = { emptyTimeout: 11, departureTimeout: 12, maxParticipants: 13, metadata: 'from the token' }

  it('is that of the room its holder creates by joining', async () => {
    const token = accessToken('configured', 'alice')
    token.roomConfig = new RoomConfiguration(config)
    const client = await join(token)
    expect(joinResponse(client)?.room).toMatchObject(config)
    expect((await server.rooms.listRooms(['configured']))[0]).toMatchObject(config)
    client.socket.close()
  })

  it('changes nothing about a room that is there', async () => {
    await server.rooms.createRoom({ name: 'there', metadata: 'kept' })
    const token = accessToken('there', 'alice')
    token.roomConfig = new RoomConfiguration(config)
    const client = await join(token)
    expect(joinResponse(client)?.room).toMatchObject({
      metadata: 'kept',
      emptyTimeout: 300,
      departureTimeout: 20,
      maxParticipants: 0,
    })
    client.socket.close()
  })

  it('may not be a preset that the server does not know', async () => {
    const preset = accessToken('preset', 'alice')
    preset.roomPreset = 'unknown'
    await expect(join(preset)).rejects.toThrow('500')
    const body = { name: 'preset', room_preset: 'unknown' }
    expect(await callRoomService(server, 'CreateRoom', body, { roomCreate: true })).toEqual({
      status: 400,
      code: 'invalid_argument',
      msg: 'twirp error unknown: unknown room configuration in create room request',
    })
    await server.rooms.createRoom({ name: 'preset' })
    const client = await join(preset)
    expect(joinResponse(client)?.room?.name).toBe('preset')
    client.socket.close()
  })
})

describe.concurrent('a place in a room for one', () => {
  it.each<{ what: string; kind?: string; grant?: VideoGrant; takesIt: boolean; isRecorder?: boolean }>([
    { what: 'somebody', takesIt: true },
    { what: 'somebody hidden', grant: { hidden: true }, takesIt: true },
    { what: 'a telephone', kind: 'sip', takesIt: true },
    { what: 'an egress', kind: 'egress', takesIt: false, isRecorder: true },
    { what: 'a recorder', grant: { recorder: true }, takesIt: false, isRecorder: true },
    { what: 'an agent', kind: 'agent', takesIt: false },
    { what: 'who has an agent grant', grant: { agent: true }, takesIt: false },
  ])('$what takes it: $takesIt', async ({ what, kind, grant, takesIt, isRecorder = false }) => {
    await server.rooms.createRoom({ name: what, maxParticipants: 1 })
    const token = accessToken(what, 'first', grant)
    if (kind !== undefined) token.kind = kind
    const first = await join(token)
    const second = await join(accessToken(what, 'second')).catch(() => undefined)
    expect(second === undefined).toBe(takesIt)
    if (isRecorder)
      await eventually('the room is being recorded', async () => {
        const [room] = await server.rooms.listRooms([what])
        return room?.activeRecording
      })
    const third = await join(accessToken(what, 'third', { recorder: true }))
    expect(joinResponse(third)?.room?.name).toBe(what)
    for (const client of [first, second, third]) client?.socket.close()
  })
})
