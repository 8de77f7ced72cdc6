import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CreateRoomRequest,
  DeleteRoomRequest,
  ListRoomsResponse,
  Room,
  RoomCompositeEgressRequest,
} from '@livekit/protocol'
import { AccessToken, type VideoGrant } from 'livekit-server-sdk'
import { containing, matching } from '../support/matchers.ts'
import { API_KEY, API_SECRET, startServer, type TestServer } from '../support/server.ts'

const EVERYTHING: VideoGrant = {
  roomCreate: true,
  roomList: true,
  roomAdmin: true,
  roomRecord: true,
  room: 'nowhere',
  destinationRoom: 'elsewhere',
}

let server: TestServer

beforeAll(async () => {
  server = await startServer({ apiWaitMs: 50 })
})
afterAll(() => server.close())

async function jwt(grant: VideoGrant, secret = API_SECRET, key = API_KEY): Promise<string> {
  const token = new AccessToken(key, secret, { ttl: '1h' })
  token.addGrant(grant)
  return token.toJwt()
}

interface Call {
  path: string
  body?: string | Uint8Array
  method?: string
  type?: string
  authorization?: string
}

async function call({
  path,
  body,
  method = 'POST',
  type = 'application/json',
  authorization,
}: Call): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': type, ...(authorization !== undefined && { authorization }) },
    ...(method !== 'GET' && { body: Buffer.from(body ?? '{}') }),
  })
}

const roomService = (name: string): string => `/twirp/livekit.RoomService/${name}`
const egress = (name: string): string => `/twirp/livekit.Egress/${name}`

interface Row {
  what: string
  path: string
  body?: string
  status: number
  code: string
  message: string
}

describe.concurrent('errors of services', () => {
  const participant = JSON.stringify({ room: 'nowhere', identity: 'nobody' })
  const rows: Row[] = [
    {
      what: 'DeleteRoom of an unknown room',
      path: roomService('DeleteRoom'),
      body: '{"room":"nowhere"}',
      status: 404,
      code: 'not_found',
      message: 'requested room does not exist',
    },
    {
      what: 'UpdateRoomMetadata of an unknown room',
      path: roomService('UpdateRoomMetadata'),
      body: '{"room":"nowhere","metadata":"x"}',
      status: 404,
      code: 'not_found',
      message: 'requested room does not exist',
    },
    {
      what: 'GetParticipant in an unknown room',
      path: roomService('GetParticipant'),
      body: participant,
      status: 404,
      code: 'not_found',
      message: 'participant does not exist',
    },
    {
      what: 'RemoveParticipant in an unknown room',
      path: roomService('RemoveParticipant'),
      body: participant,
      status: 404,
      code: 'not_found',
      message: 'participant does not exist',
    },
    {
      what: 'UpdateParticipant in an unknown room',
      path: roomService('UpdateParticipant'),
      body: participant,
      status: 404,
      code: 'not_found',
      message: 'participant does not exist',
    },
    {
      what: 'MutePublishedTrack in an unknown room',
      path: roomService('MutePublishedTrack'),
      body: participant,
      status: 503,
      code: 'unavailable',
      message: 'no response from servers',
    },
    {
      what: 'UpdateSubscriptions in an unknown room',
      path: roomService('UpdateSubscriptions'),
      body: participant,
      status: 503,
      code: 'unavailable',
      message: 'no response from servers',
    },
    {
      what: 'SendData in an unknown room',
      path: roomService('SendData'),
      body: '{"room":"nowhere"}',
      status: 503,
      code: 'unavailable',
      message: 'no response from servers',
    },
    ...['MoveParticipant', 'ForwardParticipant'].map((name) => ({
      what: `${name} in an unknown room`,
      path: roomService(name),
      body: '{"room":"nowhere","identity":"nobody","destination_room":"elsewhere"}',
      status: 503,
      code: 'unavailable',
      message: 'no response from servers',
    })),
    {
      what: 'a room name that is too long',
      path: roomService('CreateRoom'),
      body: JSON.stringify({ name: 'x'.repeat(257) }),
      status: 400,
      code: 'invalid_argument',
      message: 'room name length exceeds limits: max length 256',
    },
    {
      what: 'a room name with too many bytes',
      path: roomService('CreateRoom'),
      body: JSON.stringify({ name: 'é'.repeat(129) }),
      status: 400,
      code: 'invalid_argument',
      message: 'room name length exceeds limits: max length 256',
    },
    {
      what: 'an egress of an unknown room',
      path: egress('StartRoomCompositeEgress'),
      body: '{"room_name":"nowhere"}',
      status: 404,
      code: 'not_found',
      message: 'requested room does not exist',
    },
    {
      what: 'a v2 egress of an unknown room',
      path: egress('StartEgress'),
      body: '{"room_name":"nowhere"}',
      status: 404,
      code: 'not_found',
      message: 'requested room does not exist',
    },
    {
      what: 'stopping an unknown egress',
      path: egress('StopEgress'),
      body: '{"egress_id":"EG_x"}',
      status: 404,
      code: 'not_found',
      message: 'egress does not exist',
    },
    {
      what: 'listing an unknown egress',
      path: egress('ListEgress'),
      body: '{"egress_id":"EG_x"}',
      status: 404,
      code: 'not_found',
      message: 'egress does not exist',
    },
  ]

  it.each(rows)('$what: $status $code', async ({ path, body, status, code, message }) => {
    const authorization = `Bearer ${await jwt(EVERYTHING)}`
    const response = await call({ path, authorization, ...(body !== undefined && { body }) })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      code,
      msg: containing(`twirp error unknown: ${message}`),
    })
  })

  it('answers a protobuf request with an error in JSON', async () => {
    const response = await call({
      path: roomService('DeleteRoom'),
      type: 'application/protobuf',
      body: new DeleteRoomRequest({ room: 'nowhere' }).toBinary(),
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject({ code: 'not_found' })
  })

  it('says that no Egress service is there', async () => {
    await server.rooms.createRoom({ name: 'without-egress' })
    const response = await call({
      path: egress('StartRoomCompositeEgress'),
      type: 'application/protobuf',
      body: new RoomCompositeEgressRequest({ roomName: 'without-egress' }).toBinary(),
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
  })
})

describe('errors of routing and decoding', () => {
  it.each([
    { what: 'a GET', path: roomService('ListRooms'), method: 'GET' },
    { what: 'an unknown method', path: roomService('Nothing') },
    { what: 'an unknown content type', path: roomService('ListRooms'), type: 'text/plain' },
  ])('$what: 404 bad_route', async (row) => {
    const response = await call({ ...row, authorization: `Bearer ${await jwt(EVERYTHING)}` })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      code: 'bad_route',
      meta: { twirp_invalid_route: `${row.method ?? 'POST'} ${row.path}` },
    })
  })

  it.each([
    { what: 'no JSON', body: '{' },
    { what: 'an empty body', body: '' },
    { what: 'a wrong type of field', body: '{"names":7}' },
  ])('$what: 400 malformed', async ({ body }) => {
    const response = await call({
      path: roomService('ListRooms'),
      body,
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ code: 'malformed', msg: 'the json request could not be decoded' })
  })

  it('a nonce that is no UUID: 400 invalid_argument', async () => {
    const response = await call({
      path: roomService('SendData'),
      body: JSON.stringify({ room: 'nowhere', nonce: Buffer.from('short').toString('base64') }),
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      code: 'invalid_argument',
      msg: 'nonce should be 16-bytes or not present, got: 5 bytes',
    })
  })

  it('too large a metadata: 400 invalid_argument, with what was too large', async () => {
    const response = await call({
      path: roomService('UpdateRoomMetadata'),
      body: JSON.stringify({ room: 'nowhere', metadata: 'x'.repeat(524_289) }),
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      code: 'invalid_argument',
      msg: 'metadata size exceeds limits 524288',
      meta: { argument: 'metadata size exceeds limits' },
    })
  })

  it('a truncated protobuf: 400 malformed', async () => {
    const whole = new CreateRoomRequest({ name: 'a room', metadata: 'm' }).toBinary()
    const response = await call({
      path: roomService('CreateRoom'),
      type: 'application/protobuf',
      body: whole.slice(0, whole.length - 1),
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'malformed' })
  })

  it('an unknown service: a plain 404', async () => {
    const response = await call({ path: '/twirp/livekit.Nothing/Do' })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('404 page not found')
  })
})

describe('authentication', () => {
  it.each([
    { what: 'no token', authorization: undefined },
    { what: 'a token without the grant', authorization: (): Promise<string> => jwt({ roomList: true }) },
    {
      what: 'an admin of another room',
      authorization: (): Promise<string> => jwt({ roomAdmin: true, room: 'elsewhere' }),
    },
  ])('$what: 401 unauthenticated', async ({ authorization }) => {
    const response = await call({
      path: roomService('ListParticipants'),
      body: '{"room":"nowhere"}',
      ...(authorization && { authorization: `Bearer ${await authorization()}` }),
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ code: 'unauthenticated', msg: 'permissions denied' })
  })

  it('bringing somebody to another room needs a grant for that room', async () => {
    const response = await call({
      path: roomService('MoveParticipant'),
      body: '{"room":"nowhere","identity":"nobody","destination_room":"another"}',
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ code: 'unauthenticated', msg: 'permissions denied' })
  })

  it.each([
    {
      what: 'no JWT',
      token: (): Promise<string> => Promise.resolve('nonsense'),
      text: 'invalid authorization token',
    },
    {
      what: 'an unknown key',
      token: (): Promise<string> => jwt({}, API_SECRET, 'otherkey'),
      text: 'invalid API key: otherkey',
    },
    {
      what: 'a wrong signature',
      token: (): Promise<string> => jwt({}, 'another-secret-another-secret-another'),
      text: 'token signature is invalid: signature is invalid',
    },
  ])('$what: 401 in plain text', async ({ token, text }) => {
    const response = await call({ path: roomService('ListRooms'), authorization: `Bearer ${await token()}` })
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toContain(text)
  })

  it('takes the token from the query, too', async () => {
    const response = await call({
      path: `${roomService('ListRooms')}?access_token=${await jwt({ roomList: true })}`,
    })
    expect(response.status).toBe(200)
  })
})

describe('encodings', () => {
  it('writes JSON in snake case with all defaults and 64-bit numbers as strings', async () => {
    await server.rooms.createRoom({ name: 'json' })
    const response = await call({
      path: roomService('ListRooms'),
      body: '{"names":["json"],"unknown_field":1}',
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(await response.json()).toEqual({
      rooms: [
        expect.objectContaining({
          name: 'json',
          empty_timeout: 300,
          departure_timeout: 20,
          num_participants: 0,
          active_recording: false,
          metadata: '',
          creation_time: matching(/^\d{10}$/),
        }),
      ],
    })
  })

  it('answers protobuf with protobuf', async () => {
    await server.rooms.createRoom({ name: 'protobuf' })
    const response = await call({
      path: roomService('ListRooms'),
      type: 'application/protobuf',
      body: new Uint8Array(),
      authorization: `Bearer ${await jwt(EVERYTHING)}`,
    })
    expect(response.headers.get('content-type')).toBe('application/protobuf')
    const { rooms } = ListRoomsResponse.fromBinary(new Uint8Array(await response.arrayBuffer()))
    expect(rooms.map((room) => room.name)).toContain('protobuf')
    expect(rooms[0]).toBeInstanceOf(Room)
  })
})

describe('rooms', () => {
  it('creates a room once and keeps its first options', async () => {
    const first = await server.rooms.createRoom({ name: 'twice', metadata: 'first', emptyTimeout: 7 })
    const second = await server.rooms.createRoom({ name: 'twice', metadata: 'second', emptyTimeout: 9 })
    expect(second.sid).toBe(first.sid)
    expect(second).toMatchObject({ metadata: 'first', emptyTimeout: 7 })
  })

  it('lists nobody in an unknown room', async () => {
    expect(await server.rooms.listParticipants('nowhere')).toEqual([])
  })

  it('answers GET / with OK', async () => {
    const response = await fetch(server.url)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('OK')
  })
})
