import { createSocket } from 'node:dgram'
import {
  AddTrackRequest,
  LeaveRequest,
  MuteTrackRequest,
  SessionDescription,
  SignalRequest,
  TrackType,
  TrickleRequest,
  UpdateParticipantMetadata,
  UpdateSubscription,
  UpdateTrackSettings,
} from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from './support/eventually.ts'
import { publisherOffer } from './support/publisher-offer.ts'
import { connectRaw, stillServes } from './support/raw-client.ts'
import { startLocalServer, type TestServer } from './support/server.ts'

/** Cases of each property; the seed of a failing one is printed. */
const CASES = { signalling: 60, calls: 500, paths: 500, datagrams: 700 }
/** Longest bytes that stand for what a client may send, in bytes. */
const MAX_BYTES = 300

let server: TestServer

beforeAll(async () => {
  server = await startLocalServer()
})
afterAll(async () => {
  await server.close()
  await dispose()
})

const CAMERA = {
  cid: 'camera',
  kind: 'video',
  payloadType: 96,
  codec: 'VP8/90000',
  ssrc: 4_294_967_295,
} as const
const MESSAGES: readonly SignalRequest['message'][] = [
  { case: 'offer', value: new SessionDescription({ type: 'offer', sdp: publisherOffer([CAMERA]), id: 1 }) },
  { case: 'answer', value: new SessionDescription({ type: 'answer', sdp: 'v=0\r\n', id: 2 }) },
  { case: 'trickle', value: new TrickleRequest({ candidateInit: '{"candidate":"candidate:1"}' }) },
  {
    case: 'addTrack',
    value: new AddTrackRequest({ cid: CAMERA.cid, name: 'n', type: TrackType.VIDEO, width: 1 }),
  },
  { case: 'mute', value: new MuteTrackRequest({ sid: 'TR_x', muted: true }) },
  { case: 'subscription', value: new UpdateSubscription({ trackSids: ['TR_x'], subscribe: true }) },
  { case: 'trackSetting', value: new UpdateTrackSettings({ trackSids: ['TR_x'], width: 1, height: 1 }) },
  { case: 'updateMetadata', value: new UpdateParticipantMetadata({ metadata: '{}', name: 'x' }) },
  { case: 'leave', value: new LeaveRequest() },
  { case: 'ping', value: 1n },
]

const bytes = fc.uint8Array({ maxLength: MAX_BYTES })
/** Something that a client says, with some bytes of it replaced by others. */
const nearlyRight = fc
  .record({
    message: fc.constantFrom(...MESSAGES),
    at: fc.nat(1_000),
    cut: fc.nat(4),
    put: fc.uint8Array({ maxLength: 6 }),
  })
  .map(({ message, at, cut, put }) => {
    const right = new SignalRequest({ message }).toBinary()
    const place = at % (right.length + 1)
    return Buffer.concat([right.subarray(0, place), put, right.subarray(place + cut)])
  })
const frame = fc.oneof(
  { weight: 4, arbitrary: nearlyRight },
  { weight: 1, arbitrary: bytes.map((random) => Buffer.from(random)) },
)

it('whatever is said in signalling, it ends that connection at most', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 50 }), async (frames) => {
      const { socket, messages } = await connectRaw(server, 'mallory', 'fuzzed')
      for (const each of frames) socket.send(each)
      socket.send(new SignalRequest({ message: { case: 'ping', value: 7n } }).toBinary())
      await eventually(
        'it answers, or has hung up',
        () => messages.some((message) => message.case === 'pong') || socket.readyState !== WebSocket.OPEN,
      )
      socket.terminate()
    }),
    { numRuns: CASES.signalling },
  )
  await stillServes(server)
  const left = await eventually('nobody is left', async () => {
    const participants = await server.rooms.listParticipants('fuzzed')
    return participants.length === 0 && participants
  })
  expect(left).toEqual([])
})

const METHODS = [
  'RoomService/CreateRoom',
  'RoomService/ListRooms',
  'RoomService/DeleteRoom',
  'RoomService/ListParticipants',
  'RoomService/GetParticipant',
  'RoomService/UpdateParticipant',
  'RoomService/UpdateRoomMetadata',
  'RoomService/UpdateSubscriptions',
  'RoomService/MutePublishedTrack',
  'RoomService/SendData',
  'Egress/StartRoomCompositeEgress',
  'Egress/StartEgress',
  'Egress/StopEgress',
  'Egress/ListEgress',
] as const

it('whatever is sent to the API is refused or answered', async () => {
  const admin = await server.token('admin', 'fuzzed', {
    roomAdmin: true,
    roomCreate: true,
    roomList: true,
    roomRecord: true,
  })
  const json = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record(
      {
        name: fc.jsonValue({ maxDepth: 1 }),
        room: fc.constantFrom('fuzzed', '', '__proto__', '../x', '\u0000'),
        names: fc.jsonValue({ maxDepth: 2 }),
        identity: fc.string(),
        metadata: fc.jsonValue({ maxDepth: 2 }),
        emptyTimeout: fc.jsonValue({ maxDepth: 1 }),
        roomName: fc.string(),
        egressId: fc.string(),
        fileOutputs: fc.jsonValue({ maxDepth: 3 }),
        data: fc.string(),
      },
      { requiredKeys: [] },
    ),
  )
  const call = fc.oneof(
    fc.record({ type: fc.constant('application/json'), body: json.map((value) => JSON.stringify(value)) }),
    fc.record({ type: fc.constant('application/json'), body: fc.string() }),
    fc.record({ type: fc.constant('application/protobuf'), body: bytes }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...METHODS),
      call,
      fc.boolean(),
      async (method, { type, body }, isSigned) => {
        const answer = await fetch(`${server.url}/twirp/livekit.${method}`, {
          method: 'POST',
          headers: { 'content-type': type, ...(isSigned && { authorization: `Bearer ${admin}` }) },
          body: typeof body === 'string' ? body : Buffer.from(body),
        })
        const text = await answer.text()
        // 503: no recorder is bound to this server
        expect(answer.status < 500 || answer.status === 503 ? 'fine' : text).toBe('fine')
        expect(text).not.toMatch(/\bat .+\.(?:js|ts):\d+/)
        expect(isSigned || answer.status >= 400).toBe(true)
      },
    ),
    { numRuns: CASES.calls },
  )
  await stillServes(server)
})

it('whatever path is asked for, with whatever token', async () => {
  const path = fc.oneof(
    fc.constantFrom('/rtc', '/rtc/validate', '/rtc/v1', '/rtc/v1/validate', '/twirp/', '/'),
    fc.webPath(),
  )
  await fc.assert(
    fc.asyncProperty(path, fc.string({ unit: 'binary', maxLength: 60 }), async (asked, text) => {
      const query = new URLSearchParams({ access_token: text, join_request: text, room: text }).toString()
      const answer = await fetch(`${server.url}${asked}?${query}`)
      await answer.arrayBuffer()
      expect(answer.status).toBeLessThan(500)
    }),
    { numRuns: CASES.paths },
  )
  expect((await fetch(server.url)).status).toBe(200)
})

it('whatever comes by UDP is dropped', async () => {
  const { socket: signal, messages } = await connectRaw(server, 'mallory', 'datagrams')
  const offer = messages.find((message) => message.case === 'offer')?.value
  const sdp = offer instanceof SessionDescription ? offer.sdp : ''
  const port = Number(/candidate:1 1 udp \d+ \S+ (\d+)/.exec(sdp)?.[1])
  expect(port).toBeGreaterThan(0)
  const socket = createSocket('udp4')
  const stun = bytes.map((random) => {
    const header = Buffer.from('000100002112a442000000000000000000000000', 'hex')
    header.writeUInt16BE(random.length, 2)
    return Buffer.concat([header, random])
  })
  const dtls = bytes.map((random) =>
    Buffer.concat([Buffer.from('16fefd00000000000000000030', 'hex'), random]),
  )
  const rtp = bytes.map((random) => Buffer.concat([Buffer.from([0x80, 0x60]), random]))
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, stun, dtls, rtp), async (datagram) => {
      await new Promise<void>((resolve, reject) => {
        socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()))
      })
    }),
    { numRuns: CASES.datagrams },
  )
  socket.close()
  signal.terminate()
  await stillServes(server)
})
