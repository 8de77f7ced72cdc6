import { dispose, RoomEvent } from '@livekit/rtc-node'
import { DataPacket_Kind } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callRoomService } from '../support/call-room-service.ts'
import { containing } from '../support/matchers.ts'
import { connectNative } from '../support/rtc-node.ts'
import { eventually } from '../support/eventually.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ apiWaitMs: 50 })
})
afterAll(async () => {
  await server.close()
  await dispose()
})

describe.concurrent('RoomService with people in the room', () => {
  it('merges attributes, and sets name and metadata for everybody to see', async () => {
    await using bob = await connectNative(server.url, await server.token('bob', 'changes'))
    await using alice = await connectNative(server.url, await server.token('alice', 'changes'))
    await alice.publishAudio()
    await server.rooms.updateParticipant('changes', 'alice', { attributes: { hand: 'up', seat: '1' } })
    const changed = await server.rooms.updateParticipant('changes', 'alice', {
      name: 'Alice Liddell',
      metadata: '{"a":1}',
      attributes: { hand: '', mood: 'curious' },
    })
    const expected = {
      name: 'Alice Liddell',
      metadata: '{"a":1}',
      attributes: { seat: '1', mood: 'curious' },
    }
    expect(changed).toMatchObject({ name: expected.name, metadata: expected.metadata })
    expect(changed.attributes).toEqual(expected.attributes)
    const seen = await eventually('bob sees it', () => {
      const remote = bob.room.remoteParticipants.get('alice')
      return remote?.attributes['mood'] === 'curious' ? remote : undefined
    })
    expect(seen.name).toBe(expected.name)
    expect(seen.metadata).toBe(expected.metadata)
    expect(seen.attributes).toEqual(expected.attributes)
  })

  it('leaves what an update does not name, and replaces permissions as a whole', async () => {
    await using alice = await connectNative(server.url, await server.token('alice', 'partial'))
    await server.rooms.updateParticipant('partial', 'alice', { metadata: 'kept' })
    const { permission, metadata, name } = await server.rooms.updateParticipant('partial', 'alice', {
      permission: { canSubscribe: true, canPublishData: true },
    })
    expect({ metadata, name }).toEqual({ metadata: 'kept', name: "alice's name" })
    expect(permission).toMatchObject({ canSubscribe: true, canPublish: false, canPublishData: true })
    expect(alice.room.isConnected).toBe(true)
  })

  it('sends data to whom they are meant for, under their topic', async () => {
    await using alice = await connectNative(server.url, await server.token('alice', 'data'))
    await using bob = await connectNative(server.url, await server.token('bob', 'data'))
    const received: string[] = []
    const reached = new Set<string>()
    for (const [who, { room }] of Object.entries({ alice, bob }))
      room.on(RoomEvent.DataReceived, (payload, sender, _kind, topic) => {
        if (topic === 'probe') reached.add(who)
        else received.push([who, Buffer.from(payload).toString(), sender?.identity, topic].join(' '))
      })
    const data = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
    // Who has just connected has no open channel yet, and is sent nothing
    await eventually('both have open channels', async () => {
      await server.rooms.sendData('data', data('probe'), DataPacket_Kind.RELIABLE, { topic: 'probe' })
      return reached.size === 2
    })
    const toBob = { destinationIdentities: ['bob'], topic: 'chat' }
    await server.rooms.sendData('data', data('one'), DataPacket_Kind.RELIABLE, toBob)
    await server.rooms.sendData('data', data('two'), DataPacket_Kind.RELIABLE, {})
    await eventually('both have it', () => received.length === 3)
    expect(received.toSorted()).toEqual(['alice two  ', 'bob one  chat', 'bob two  '])
  })

  it('answers 200 for tracks nobody has, and mutes but does not unmute', async () => {
    await using alice = await connectNative(server.url, await server.token('alice', 'muting'))
    const sid = await alice.publishAudio()
    expect(await server.rooms.mutePublishedTrack('muting', 'alice', sid, true)).toMatchObject({
      sid,
      muted: true,
    })
    await expect(server.rooms.mutePublishedTrack('muting', 'alice', sid, false)).rejects.toMatchObject({
      status: 412,
      code: 'failed_precondition',
      message: containing('remote unmute not enabled'),
    })
    const unknown: unknown = await server.rooms.mutePublishedTrack('muting', 'alice', 'TR_unknown', true)
    expect(unknown).toBeUndefined()
    await server.rooms.updateSubscriptions('muting', 'alice', ['TR_unknown'], true)
  })

  it('knows nobody who is not in the room', async () => {
    await using alice = await connectNative(server.url, await server.token('alice', 'others'))
    expect(alice.room.isConnected).toBe(true)
    const { rooms } = server
    const absent = { status: 404, message: containing('participant does not exist') }
    const unanswered = { status: 503, message: containing('no response from servers') }
    await Promise.all([
      expect(rooms.getParticipant('others', 'nobody')).rejects.toMatchObject(absent),
      expect(rooms.removeParticipant('others', 'nobody')).rejects.toMatchObject(absent),
      expect(rooms.updateParticipant('others', 'nobody', {})).rejects.toMatchObject(absent),
      expect(rooms.mutePublishedTrack('others', 'nobody', 'TR_x', true)).rejects.toMatchObject(unanswered),
      expect(rooms.updateSubscriptions('others', 'nobody', [], true)).rejects.toMatchObject(unanswered),
    ])
  })

  it.each(['MoveParticipant', 'ForwardParticipant'])('%s is not for a single server', async (name) => {
    await using alice = await connectNative(server.url, await server.token('alice', name))
    expect(alice.room.isConnected).toBe(true)
    const call = (identity: string, destination: string): Promise<unknown> =>
      callRoomService(
        server,
        name,
        { room: name, identity, destination_room: destination },
        { roomAdmin: true, room: name, destinationRoom: destination },
      )
    const notImplemented = { status: 500, code: 'unknown', msg: 'twirp error unknown: not implemented' }
    const same = 'destination room cannot be the same as source room'
    expect(await call('alice', 'elsewhere')).toEqual(notImplemented)
    expect(await call('alice', '')).toEqual(notImplemented)
    expect(await call('alice', name)).toEqual({
      status: 400,
      code: 'invalid_argument',
      msg: `${same} `,
      meta: { argument: same },
    })
    expect(await call('nobody', 'elsewhere')).toMatchObject({ status: 503, code: 'unavailable' })
  })

  it.each([
    { what: 'name', update: { name: 'é'.repeat(129) }, text: 'name length exceeds limits 256' },
    {
      what: 'metadata',
      update: { metadata: 'x'.repeat(524_289) },
      text: 'metadata size exceeds limits 524288',
    },
    {
      what: 'attribute',
      update: { attributes: { a: 'x'.repeat(65_536) } },
      text: 'attribute size exceeds limits 65536',
    },
  ])('refuses too large a $what', async ({ update, text }) => {
    await expect(server.rooms.updateParticipant('large', 'alice', update)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_argument',
      message: text,
    })
  })

  it('refuses too much metadata of a room', async () => {
    const metadata = 'x'.repeat(524_289)
    const refusal = { status: 400, code: 'invalid_argument', message: 'metadata size exceeds limits 524288' }
    await expect(server.rooms.createRoom({ name: 'much', metadata })).rejects.toMatchObject(refusal)
    await expect(server.rooms.updateRoomMetadata('much', metadata)).rejects.toMatchObject(refusal)
  })

  it('lists the rooms that are asked for', async () => {
    await server.rooms.createRoom({ name: 'first' })
    await server.rooms.createRoom({ name: 'second' })
    const rooms = await server.rooms.listRooms(['second', 'nowhere'])
    expect(rooms.map((room) => room.name)).toEqual(['second'])
  })
})
