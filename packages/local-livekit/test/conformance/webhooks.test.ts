import { LeaveRequest, ParticipantInfo_State, SignalRequest } from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import { afterAll, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { aNumber, matching } from '../support/matchers.ts'
import { connectRaw } from '../support/raw-client.ts'
import { connectNative } from '../support/rtc-node.ts'
import { eventually } from '../support/eventually.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { startWebhookSink } from '../support/webhook-sink.ts'

afterAll(() => dispose())

const WebhookJson = z.looseObject({ event: z.string() })
/** Fields that differ on purpose; the README says why. */
const DIFFERENT = new Set(['enabledCodecs', 'numParticipants', 'codecs', 'mimeType'])

/** Events by their name, without what differs on purpose. */
function eventsByName(bodies: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    bodies.map((body) => {
      const json: unknown = JSON.parse(body, (key, value: unknown) =>
        DIFFERENT.has(key) ? undefined : value,
      )
      const event = WebhookJson.parse(json)
      return [event.event, event]
    }),
  )
}

const ENVELOPE = { id: matching(/^EV_\w{12}$/), createdAt: matching(/^\d{10}$/) }

/** A room of this name that ends one second after the last one left. */
function roomNamed(name: string): Record<string, unknown> {
  return {
    sid: matching(/^RM_\w{12}$/),
    name,
    emptyTimeout: 300,
    departureTimeout: 1,
    creationTime: matching(/^\d{10}$/),
    creationTimeMs: matching(/^\d{13}$/),
    turnPassword: matching(/^\w+$/),
  }
}

const ALICE = {
  sid: matching(/^PA_\w{12}$/),
  identity: 'alice',
  name: "alice's name",
  joinedAt: matching(/^\d{10}$/),
  joinedAtMs: matching(/^\d{13}$/),
  permission: { canSubscribe: true, canPublish: true, canPublishData: true },
}

describe('webhooks', () => {
  it("tell a room's story in order, signed, to several receivers", async () => {
    await using sink = await startWebhookSink()
    await using second = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url, second.url] })
    {
      await using alice = await connectNative(server.url, await server.token('alice', 'story'))
      await alice.publishAudio()
      await eventually('the track is announced', () => sink.names().includes('track_published'))
    }
    await eventually('alice is gone', () => sink.names().includes('participant_left'))
    await server.rooms.deleteRoom('story')
    const story = [
      'room_started',
      'participant_joined',
      'track_published',
      'track_unpublished',
      'participant_left',
      'room_finished',
    ]
    await eventually(
      'both have the whole story',
      () => second.names().length === 6 && sink.names().length === 6,
    )
    expect(sink.names()).toEqual(story)
    expect(second.names()).toEqual(story)
    expect(new Set(sink.contentTypes)).toEqual(new Set(['application/webhook+json']))
    const joined = sink.events.find((event) => event.event === 'participant_joined')
    expect(joined?.participant).toMatchObject({ identity: 'alice', state: ParticipantInfo_State.ACTIVE })
    const published = sink.events.find((event) => event.event === 'track_published')
    expect(published?.track?.sid).toMatch(/^TR_/)
    expect(published?.participant).toMatchObject({ identity: 'alice' })
    expect(published?.room).toMatchObject({ name: 'story' })
    expect(new Set(sink.events.map((event) => event.id)).size).toBe(6)
  })

  it('say of room, participant and track what LiveKit says', async () => {
    await using sink = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url], departureTimeoutSeconds: 1 })
    {
      await using alice = await connectNative(server.url, await server.token('alice', 'fields'))
      await alice.publishAudio()
      await eventually('the track is announced', () => sink.names().includes('track_published'))
    }
    await eventually('the room is finished', () => sink.names().includes('room_finished'))
    const room = roomNamed('fields')
    const native = {
      ...ALICE,
      clientProtocol: 2,
      capabilities: ['CAP_PACKET_TRAILER', 'CAP_COMPRESSION_DEFLATE_RAW'],
    }
    const ofTrack = {
      ...ENVELOPE,
      // No more than their names
      room: { sid: room['sid'], name: 'fields' },
      participant: { sid: ALICE.sid, identity: 'alice' },
      track: {
        sid: matching(/^TR_AM\w+$/),
        name: 'microphone',
        source: 'MICROPHONE',
        stream: 'camera',
        mid: matching(/^\d+$/),
        version: { unixMicro: matching(/^\d{16}$/) },
        backupCodecPolicy: 'SIMULCAST',
      },
    }
    expect(eventsByName(sink.bodies)).toEqual({
      room_started: { event: 'room_started', ...ENVELOPE, room },
      participant_joined: {
        event: 'participant_joined',
        ...ENVELOPE,
        room,
        participant: { ...native, state: 'ACTIVE', version: 2 },
      },
      track_published: { event: 'track_published', ...ofTrack },
      track_unpublished: { event: 'track_unpublished', ...ofTrack },
      participant_left: {
        event: 'participant_left',
        ...ENVELOPE,
        room,
        participant: {
          ...native,
          state: 'DISCONNECTED',
          version: aNumber(),
          isPublisher: true,
          disconnectReason: 'CLIENT_INITIATED',
        },
      },
      room_finished: { event: 'room_finished', ...ENVELOPE, room },
    })
  })

  it.each<{ how: string; reason: string; leave: (server: TestServer, socket: WebSocket) => unknown }>([
    { how: 'its connection was cut', reason: 'SIGNAL_CLOSE', leave: (_server, socket) => socket.terminate() },
    {
      how: 'it said so',
      reason: 'CLIENT_INITIATED',
      leave: (_server, socket) =>
        socket.send(new SignalRequest({ message: { case: 'leave', value: new LeaveRequest() } }).toBinary()),
    },
    {
      how: 'it was removed',
      reason: 'PARTICIPANT_REMOVED',
      leave: (server) => server.rooms.removeParticipant('aborted', 'alice'),
    },
    {
      how: 'the room was deleted',
      reason: 'ROOM_DELETED',
      leave: (server) => server.rooms.deleteRoom('aborted'),
    },
  ])('tell of who never got as far as media, when $how', async ({ reason, leave }) => {
    await using sink = await startWebhookSink()
    await using server = await startServer({ webhookUrls: [sink.url], departureTimeoutSeconds: 1 })
    const { socket } = await connectRaw(server, 'alice', 'aborted')
    await leave(server, socket)
    await eventually('the room is finished', () => sink.names().includes('room_finished'))
    socket.terminate()
    expect(sink.names()).toEqual(['room_started', 'participant_connection_aborted', 'room_finished'])
    expect(eventsByName(sink.bodies)['participant_connection_aborted']).toEqual({
      event: 'participant_connection_aborted',
      ...ENVELOPE,
      room: roomNamed('aborted'),
      participant: { ...ALICE, state: 'DISCONNECTED', version: 2, disconnectReason: reason },
    })
  })

  it('are tried again with the same id on 503 and 429, and keep their order', async () => {
    await using sink = await startWebhookSink()
    sink.answers.push(503, 429)
    await using server = await startServer({ webhookUrls: [sink.url], webhookRetryDelaysMs: [0, 5, 5, 5] })
    await server.rooms.createRoom({ name: 'again' })
    await server.rooms.deleteRoom('again')
    await eventually('both events arrive', () => sink.names().length === 2)
    expect(sink.names()).toEqual(['room_started', 'room_finished'])
    const ids = sink.bodies.map((body) => /"id":"(EV_\w+)"/.exec(body)?.[1])
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).toBe(ids[0])
    expect(ids[3]).not.toBe(ids[0])
  })

  it('wait up to 200 behind the one that is delivered; what comes then is refused', async () => {
    await using sink = await startWebhookSink()
    const release = sink.hold()
    await using server = await startServer({ webhookUrls: [sink.url] })
    await server.rooms.createRoom({ name: 'queue' })
    await eventually('the first is being delivered', () => sink.bodies.length === 1)
    await server.rooms.deleteRoom('queue')
    for (let i = 0; i < 110; i++) {
      await server.rooms.createRoom({ name: 'queue' })
      await server.rooms.deleteRoom('queue')
    }
    release()
    await eventually('all that waited are delivered', () => sink.names().length >= 201)
    await server.rooms.createRoom({ name: 'queue', metadata: 'last' })
    await eventually('the last one is delivered', () => sink.events.at(-1)?.room?.metadata === 'last')
    expect(sink.names()).toHaveLength(202)
    // Two for each room: the first 100 and one half of the next
    const sids = new Set(sink.events.slice(0, -1).map((event) => event.room?.sid))
    expect(sids.size).toBe(101)
  })

  it.each([404, 501, 400])('are not tried again on %i', async (status) => {
    await using sink = await startWebhookSink()
    sink.answers.push(status)
    await using server = await startServer({ webhookUrls: [sink.url], webhookRetryDelaysMs: [0, 5, 5] })
    await server.rooms.createRoom({ name: 'refused' })
    await server.rooms.deleteRoom('refused')
    await eventually('the next event arrives', () => sink.names().includes('room_finished'))
    expect(sink.bodies).toHaveLength(2)
  })
})
