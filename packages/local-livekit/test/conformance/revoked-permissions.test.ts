import { DataPacket, UserPacket } from '@livekit/protocol'
import { dispose, RoomEvent, TrackKind } from '@livekit/rtc-node'
import { TrackSource } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { messagesOf } from '../support/raw-client.ts'
import { joinRaw, type RawParticipant } from '../support/raw-participant.ts'
import { connectNative, type NativeParticipant } from '../support/rtc-node.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { startWebhookSink, type WebhookSink } from '../support/webhook-sink.ts'

let sink: WebhookSink
let server: TestServer
beforeAll(async () => {
  sink = await startWebhookSink()
  server = await startServer({ webhookUrls: [sink.url] })
})
afterAll(async () => {
  await server.close()
  await sink[Symbol.asyncDispose]()
  await dispose()
})

interface Viewer extends NativeParticipant {
  /** What is received now, by identity and kind. */
  received(): string[]
}

async function view(identity: string, room: string): Promise<Viewer> {
  const viewer = await connectNative(server.url, await server.token(identity, room))
  const received = new Set<string>()
  viewer.room
    .on(RoomEvent.TrackSubscribed, ({ kind }, _publication, { identity: publisher }) =>
      received.add(`${publisher} ${nameOf(kind)}`),
    )
    .on(RoomEvent.TrackUnsubscribed, ({ kind }, _publication, { identity: publisher }) =>
      received.delete(`${publisher} ${nameOf(kind)}`),
    )
  return { ...viewer, received: () => [...received].toSorted() }
}

function nameOf(kind: TrackKind | undefined): string {
  return kind === TrackKind.KIND_VIDEO ? 'video' : 'audio'
}

async function knownTracks(room: string, identity: string): Promise<number> {
  return (await server.rooms.getParticipant(room, identity)).tracks.length
}

describe('a permission that is taken away', () => {
  // A client that goes on as before: it is the server that sees to it
  it('to publish ends the tracks', async () => {
    await using bob = await view('bob', 'publish')
    await using alice = await joinRaw(server, await server.token('alice', 'publish'))
    await alice.publishAudio()
    await eventually('bob hears alice', () => bob.received().length === 1)
    await server.rooms.updateParticipant('publish', 'alice', { permission: { canSubscribe: true } })
    await eventually('bob does not any more', () => bob.received().length === 0)
    await eventually('alice has no tracks', async () => (await knownTracks('publish', 'alice')) === 0)
    const [announced] = messagesOf(alice, 'trackPublished')
    const sid = announced?.value.track?.sid
    await eventually('alice is told', () =>
      messagesOf(alice, 'trackUnpublished').some(({ value }) => value.trackSid === sid),
    )
    await eventually('the application is told', () =>
      sink.events.some(({ event, track }) => event === 'track_unpublished' && track?.sid === sid),
    )
    expect(bob.room.remoteParticipants.get('alice')?.trackPublications.size).toBe(0)
  })

  it('to publish a source ends the tracks of that source alone', async () => {
    await using bob = await view('bob', 'source')
    await using alice = await connectNative(server.url, await server.token('alice', 'source'))
    const video = await alice.publishVideo()
    const audio = await alice.publishAudio()
    await eventually('bob sees and hears alice', () => bob.received().length === 2)
    const permission = { canSubscribe: true, canPublish: true, canPublishSources: [TrackSource.MICROPHONE] }
    await server.rooms.updateParticipant('source', 'alice', { permission })
    await eventually('bob does not see alice', () => !bob.received().includes('alice video'))
    expect(bob.received()).toEqual(['alice audio'])
    await eventually('the application is told', () =>
      sink.events.some(({ event, track }) => event === 'track_unpublished' && track?.sid === video),
    )
    const { tracks } = await server.rooms.getParticipant('source', 'alice')
    expect(tracks.map(({ sid }) => sid)).toEqual([audio])
  })

  it('to send data ends what others hear', async () => {
    await using alice = await joinRaw(server, await server.token('alice', 'data'))
    await using carol = await joinRaw(server, await server.token('carol', 'data'))
    await using bob = await joinRaw(server, await server.token('bob', 'data'))
    say(alice, 'before')
    await eventually('bob hears alice', () => textsOf(bob).includes('before'))
    const may = { canPublish: true, canSubscribe: true }
    await server.rooms.updateParticipant('data', 'alice', { permission: may })
    say(alice, 'without permission')
    say(carol, 'with permission')
    await eventually('bob hears carol', () => textsOf(bob).includes('with permission'))
    expect(textsOf(bob)).toEqual(['before', 'with permission'])
    await server.rooms.updateParticipant('data', 'alice', { permission: { ...may, canPublishData: true } })
    say(alice, 'after')
    await eventually('bob hears alice again', () => textsOf(bob).includes('after'))
  })
})

function say(participant: RawParticipant, text: string): void {
  const value = new UserPacket({ payload: new Uint8Array(Buffer.from(text)) })
  participant.send(new DataPacket({ value: { case: 'user', value } }))
}

function textsOf({ packets }: RawParticipant): string[] {
  return packets.flatMap(({ value }) =>
    value.case === 'user' ? [Buffer.from(value.value.payload).toString()] : [],
  )
}
