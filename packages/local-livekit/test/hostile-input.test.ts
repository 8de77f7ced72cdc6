import { createSocket } from 'node:dgram'
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { AddTrackRequest, SessionDescription, SignalRequest, TrackType } from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import { afterAll, describe, expect, it } from 'vitest'
import { crc32c } from 'werift'
import type { WebSocket } from 'ws'
import { eventually } from './support/eventually.ts'
import { publisherOffer } from './support/publisher-offer.ts'
import { connectRaw, stillServes } from './support/raw-client.ts'
import { connectRawPublisher } from './support/raw-publisher.ts'
import { startLocalServer } from './support/server.ts'

afterAll(() => dispose())

describe('hostile signalling ends that connection at most', () => {
  it.each([
    {
      what: 'bytes that are no protobuf',
      send: (socket: WebSocket): void => socket.send(Buffer.from([0xff, 0xff, 0xff])),
    },
    { what: 'text that is no JSON', send: (socket: WebSocket): void => socket.send('{') },
    {
      what: 'an oversized frame',
      send: (socket: WebSocket): void => socket.send(Buffer.alloc(2 * 1024 * 1024)),
    },
    {
      what: 'a flood',
      send: (socket: WebSocket): void => {
        const ping = Buffer.from(new SignalRequest({ message: { case: 'ping', value: 1n } }).toBinary())
        for (let i = 0; i < 3_000; i++) socket.send(ping)
      },
    },
  ])('$what', async ({ send }) => {
    await using server = await startLocalServer()
    const client = await connectRaw(server, 'mallory', 'hostile')
    send(client.socket)
    expect(await client.closed()).not.toBe(1000)
    expect(Object.keys(server.counters()).some((name) => name.startsWith('signal-'))).toBe(true)
    await stillServes(server)
  })

  it.each([
    { what: 'joins', query: '' },
    { what: 'wants to resume what nobody knows', query: '&reconnect=1' },
  ])('a frame without a mask, from who $what', async ({ query }) => {
    await using server = await startLocalServer()
    const token = await server.token('mallory', 'hostile')
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      `GET /rtc?access_token=${token}${query} HTTP/1.1\r\nHost: local\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
    socket.once('data', () => socket.write(Buffer.from('82050102030405', 'hex')))
    expect(await eventually('it is counted', () => server.counters()['signal-protocol-error'])).toBe(1)
    socket.destroy()
    await stillServes(server)
  })

  it('offers and answers that make no sense are refused, the connection goes on', async () => {
    await using server = await startLocalServer()
    const { socket, messages } = await connectRaw(server, 'mallory', 'hostile')
    const send = (message: SignalRequest['message']): void =>
      socket.send(new SignalRequest({ message }).toBinary())
    for (const sdp of ['', 'v=0', `m=audio 9 X 0\r\n`.repeat(1_000), randomBytes(5_000).toString('latin1')]) {
      send({ case: 'offer', value: new SessionDescription({ type: 'offer', sdp, id: 1 }) })
      send({ case: 'answer', value: new SessionDescription({ type: 'answer', sdp, id: 1 }) })
    }
    for (let i = 0; i < 200; i++)
      send({ case: 'addTrack', value: new AddTrackRequest({ cid: `cid-${i}`, type: TrackType.VIDEO }) })
    send({ case: 'ping', value: 7n })
    await eventually('a pong', () => messages.some((message) => message.case === 'pong'))
    expect(messages.filter((message) => message.case === 'trackPublished')).toHaveLength(64)
    expect(messages.some((message) => message.case === 'requestResponse')).toBe(true)
    socket.terminate()
    await stillServes(server)
  })

  it('an offer of a stream whose number has more than 32 bits is refused', async () => {
    await using server = await startLocalServer()
    const { socket, messages } = await connectRaw(server, 'mallory', 'hostile')
    const send = (message: SignalRequest['message']): void =>
      socket.send(new SignalRequest({ message }).toBinary())
    send({ case: 'addTrack', value: new AddTrackRequest({ cid: 'camera', type: TrackType.VIDEO }) })
    const answered = async (ssrc: number): Promise<boolean> => {
      const camera = { cid: 'camera', kind: 'video', payloadType: 96, codec: 'VP8/90000', ssrc } as const
      const sdp = publisherOffer([camera])
      send({ case: 'offer', value: new SessionDescription({ type: 'offer', sdp, id: 1 }) })
      send({ case: 'ping', value: BigInt(ssrc) })
      const at = await eventually('a pong', () => 1 + messages.findIndex(({ case: kind }) => kind === 'pong'))
      return messages.splice(0, at).some((message) => message.case === 'answer')
    }
    expect(await answered(99_999_999_999)).toBe(false)
    expect(await answered(4_294_967_295)).toBe(true)
    socket.terminate()
    await stillServes(server)
  })

  it('a connection that is dropped half-way through the upgrade leaves nothing behind', async () => {
    await using server = await startLocalServer()
    for (const text of [
      'GET /rtc HTTP/1.1\r\n',
      'GET /rtc?access_token=x HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ]) {
      const socket = connect(server.port, '127.0.0.1')
      await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
      socket.resume()
      socket.end(text)
      await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    }
    await stillServes(server)
    expect(await server.rooms.listRooms(['hostile'])).toEqual([])
  })
})

describe('hostile datagrams are dropped and counted', () => {
  it('from strangers', async () => {
    await using server = await startLocalServer()
    const { messages, socket: signal } = await connectRaw(server, 'mallory', 'hostile')
    const offer = messages.find((message) => message.case === 'offer')?.value
    const sdp = offer instanceof SessionDescription ? offer.sdp : ''
    const port = Number(/candidate:1 1 udp \d+ \S+ (\d+)/.exec(sdp)?.[1])
    const ufrag = /ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? ''
    const socket = createSocket('udp4')
    const send = (bytes: Buffer): Promise<void> =>
      new Promise((resolve) => {
        socket.send(bytes, port, '127.0.0.1', () => resolve())
      })
    // Each kind of first byte, then a STUN request with a right name and a wrong integrity
    for (let first = 0; first < 256; first++)
      await send(Buffer.concat([Buffer.from([first]), randomBytes(40)]))
    const username = Buffer.from(`${ufrag}:x`)
    const padded = Buffer.concat([username, Buffer.alloc((4 - (username.length % 4)) % 4)])
    const body = Buffer.concat([
      Buffer.from([0, 6, 0, username.length]),
      padded,
      Buffer.from([0, 8, 0, 20]),
      randomBytes(20),
    ])
    const header = Buffer.from('000100002112a442000000000000000000000000', 'hex')
    header.writeUInt16BE(body.length, 2)
    await send(Buffer.concat([header, body]))
    await eventually('the forged request is counted', () => server.counters()['stun-not-authentic'])
    expect(server.counters()['udp-unknown-peer']).toBeGreaterThan(0)
    expect(server.counters()['stun-no-magic-cookie']).toBe(4)
    socket.close()
    signal.terminate()
    await stillServes(server)
  })

  it('from a client, where SCTP is expected: a chunk of no length', async () => {
    await using server = await startLocalServer()
    const { peer, cut } = await connectRawPublisher(server, { identity: 'mallory', room: 'hostile' }, [])
    const packet = Buffer.from(peer.lastSctp)
    packet.writeUInt16BE(0, 14)
    packet.writeUInt32LE(0, 8)
    packet.writeUInt32LE(crc32c(packet), 8)
    await peer.sendSctp(packet)
    expect(await eventually('it is counted', () => server.counters()['sctp-chunk-length'])).toBe(1)
    cut()
    await stillServes(server)
  })
})
