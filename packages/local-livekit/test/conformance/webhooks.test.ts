import { ParticipantInfo_State } from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { matching } from '../support/matchers.ts'
import { connectNative } from '../support/rtc-node.ts'
import { eventually } from '../support/eventually.ts'
import { startServer } from '../support/server.ts'
import { startWebhookSink } from '../support/webhook-sink.ts'

afterAll(() => dispose())

const WebhookJson = z.looseObject({
  event: z.string(),
  room: z.unknown().optional(),
  participant: z.unknown().optional(),
})

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
    const bodies = Object.fromEntries(
      sink.bodies.map((body) => {
        const event = WebhookJson.parse(JSON.parse(body))
        return [event.event, event]
      }),
    )
    const room = {
      sid: matching(/^RM_\w{12}$/),
      name: 'fields',
      emptyTimeout: 300,
      departureTimeout: 1,
      creationTime: matching(/^\d{10}$/),
      creationTimeMs: matching(/^\d{13}$/),
    }
    const alice = {
      sid: matching(/^PA_\w{12}$/),
      identity: 'alice',
      name: "alice's name",
      joinedAt: matching(/^\d{10}$/),
      joinedAtMs: matching(/^\d{13}$/),
      permission: { canSubscribe: true, canPublish: true, canPublishData: true },
    }
    const envelope = { id: matching(/^EV_\w{12}$/), createdAt: matching(/^\d{10}$/) }
    expect(bodies['room_started']).toMatchObject({ ...envelope, room })
    expect(bodies['participant_joined']).toMatchObject({
      ...envelope,
      room,
      participant: { ...alice, state: 'ACTIVE', version: 2 },
    })
    const trackOf = {
      ...envelope,
      track: {
        sid: matching(/^TR_AM\w+$/),
        name: 'microphone',
        source: 'MICROPHONE',
        stream: 'camera',
        mid: matching(/^\d+$/),
        version: { unixMicro: matching(/^\d{16}$/) },
      },
    }
    for (const event of ['track_published', 'track_unpublished']) {
      expect(bodies[event]).toMatchObject(trackOf)
      // No more than their names
      expect(bodies[event]?.room).toEqual({ sid: room.sid, name: 'fields' })
      expect(bodies[event]?.participant).toEqual({ sid: alice.sid, identity: 'alice' })
    }
    expect(bodies['participant_left']).toMatchObject({
      ...envelope,
      room,
      participant: {
        ...alice,
        state: 'DISCONNECTED',
        isPublisher: true,
        disconnectReason: 'CLIENT_INITIATED',
      },
    })
    expect(bodies['room_finished']).toMatchObject({ ...envelope, room })
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
