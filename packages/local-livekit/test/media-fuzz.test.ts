import { DataPacket, UserPacket } from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { crc32c } from 'werift'
import { WebSocket } from 'ws'
import { PPID, serializeDcepOpen } from '../src/transport/data-channel-messages.ts'
import { eventually } from './support/eventually.ts'
import { aNumber } from './support/matchers.ts'
import type { MediaPeer } from './support/media-peer.ts'
import { EXTENSION_ID, type OfferedTrack } from './support/publisher-offer.ts'
import { stillServes } from './support/raw-client.ts'
import { connectRawPublisher, type RawPublisher } from './support/raw-publisher.ts'
import { connectNative, type NativeParticipant } from './support/rtc-node.ts'
import { startLocalServer, type LocalTestServer } from './support/server.ts'

/** Sessions of each property, and packets in each; the seed of a failing one is printed. */
const SESSIONS = 12
const LENGTHS = { minLength: 1, maxLength: 200, size: 'max' } as const
/** Longest bytes that stand for what a client may send, in bytes. */
const MAX_BYTES = 120

const TRACKS = [
  { cid: 'microphone', kind: 'audio', payloadType: 111, codec: 'opus/48000/2', ssrc: 1111 },
  { cid: 'vp8', kind: 'video', payloadType: 96, codec: 'VP8/90000', rids: ['q', 'h', 'f'] },
  { cid: 'h264', kind: 'video', payloadType: 102, codec: 'H264/90000', ssrc: 3333 },
  { cid: 'vp9', kind: 'video', payloadType: 98, codec: 'VP9/90000', ssrc: 4444 },
  { cid: 'av1', kind: 'video', payloadType: 45, codec: 'AV1/90000', ssrc: 5555 },
] as const satisfies OfferedTrack[]

let server: LocalTestServer
let bob: NativeParticipant

beforeAll(async () => {
  server = await startLocalServer()
  // Somebody to whom all that is sent on
  bob = await connectNative(server.url, await server.token('bob', 'fuzzed'))
})
afterAll(async () => {
  await bob[Symbol.asyncDispose]()
  await server.close()
  await dispose()
})

/** Joins as a publisher of all kinds of tracks with its data channels open. */
async function publish(): Promise<RawPublisher> {
  const mallory = await connectRawPublisher(server, { identity: 'mallory', room: 'fuzzed' }, TRACKS)
  await mallory.peer.sendMessage(0, PPID.dcep, RELIABLE)
  await mallory.peer.sendMessage(2, PPID.dcep, LOSSY)
  const sid = mallory.messages.find((message) => message.case === 'join')?.value.participant?.sid
  await eventually('bob takes all tracks', () => {
    const seen = bob.room.remoteParticipants.get('mallory')
    const tracks = [...(seen?.trackPublications.values() ?? [])].filter(({ track }) => track)
    return seen?.sid === sid && tracks.length === TRACKS.length
  })
  return mallory
}

/** Hands over what is sent in each session, and waits until the server has dealt with it. */
async function inSessions<T>(
  packet: fc.Arbitrary<T>,
  send: (peer: MediaPeer, packet: T) => Promise<void> | void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(packet, LENGTHS), async (packets) => {
      const { peer, socket, cut } = await publish()
      for (const each of packets) await send(peer, each)
      const before = peer.checksAnswered
      peer.check()
      await eventually(
        'it answers, or has hung up',
        () => peer.checksAnswered > before || socket.readyState !== WebSocket.OPEN,
      )
      cut()
    }),
    { numRuns: SESSIONS },
  )
  await stillServes(server)
  const faults = ['datagram-failed', 'room-clockwork-failed', 'signal-request-failed']
  expect(faults.filter((name) => server.counters()[name])).toEqual([])
}

const bytes = fc.uint8Array({ maxLength: MAX_BYTES }).map((random) => Buffer.from(random))
/** What is right, with some bytes of it replaced by others. */
const nearly = (right: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .record({ at: fc.nat(right.length), cut: fc.nat(4), put: fc.uint8Array({ maxLength: 6 }) })
    .map(({ at, cut, put }) => Buffer.concat([right.subarray(0, at), put, right.subarray(at + cut)]))

const RELIABLE = serializeDcepOpen({ label: '_reliable', ordered: true, maxRetransmits: undefined })
const LOSSY = serializeDcepOpen({ label: '_lossy', ordered: false, maxRetransmits: 0 })

/** Header extensions of a packet of the simulcast track, and of one that tells nothing. */
const extensions = fc.oneof(
  fc.constantFrom('q', 'h', 'f', 'x').map((rid) => {
    const { mid, rid: ridId, dependencyDescriptor } = EXTENSION_ID
    const elements = [
      [mid, '1'],
      [ridId, rid],
      [dependencyDescriptor, 'abc'],
    ] as const
    return Buffer.concat(
      elements.map(([id, value]) =>
        Buffer.concat([Buffer.from([(id << 4) | (value.length - 1)]), Buffer.from(value)]),
      ),
    )
  }),
  bytes,
)
/** Starts of pictures that can be decoded without earlier ones: VP8 without and with all of its fields, H.264, VP9 or AV1. */
const keyframes = fc.constantFrom('1000', '90f08001022000', '65', '08').map((hex) => Buffer.from(hex, 'hex'))
const rtp = fc
  .record({
    first: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0x80, 0x90) }, fc.nat(255)),
    marker: fc.boolean(),
    track: fc.constantFrom(...TRACKS),
    ssrc: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.nat()),
    timestamp: fc.nat(),
    extension: extensions,
    start: fc.oneof(keyframes, fc.constant(Buffer.alloc(0))),
    rest: bytes,
  })
  .map(({ first, marker, track, ssrc, timestamp, extension, start, rest }) => {
    const header = Buffer.alloc(12)
    header[0] = first
    header[1] = (marker ? 0x80 : 0) | track.payloadType
    header.writeUInt32BE(timestamp, 4)
    header.writeUInt32BE(ssrc ?? ('ssrc' in track ? track.ssrc : 2222), 8)
    const words = Math.ceil(extension.length / 4)
    const block = Buffer.from([0xbe, 0xde, 0, words])
    const hasExtension = (first & 0x10) !== 0
    return Buffer.concat([
      header,
      Buffer.alloc(4 * (first & 0x0f)),
      ...(hasExtension ? [block, extension, Buffer.alloc(4 * words - extension.length)] : []),
      start,
      rest,
    ])
  })

const rtcp = fc
  .array(
    fc.record({
      type: fc.oneof(fc.constantFrom(200, 201, 205, 206), fc.integer({ min: 192, max: 223 })),
      count: fc.nat(31),
      words: fc.array(fc.oneof(fc.nat(), fc.constantFrom(...TRACKS.map(({ payloadType }) => payloadType))), {
        minLength: 1,
        maxLength: 20,
      }),
      lengthError: fc.constantFrom(0, 0, 0, 0, -1, 1),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) =>
    Buffer.concat(
      parts.map(({ type, count, words, lengthError }) => {
        const packet = Buffer.alloc(4 + 4 * words.length)
        packet[0] = 0x80 | count
        packet[1] = type
        packet.writeUInt16BE(Math.max(0, words.length + lengthError), 2)
        for (const [index, word] of words.entries()) packet.writeUInt32BE(word, 4 + 4 * index)
        return packet
      }),
    ),
  )

it('whatever media and reports are sent, it ends that session at most', async () => {
  const media = fc.oneof(
    // What comes too late is not sent on, so most packets are in order
    fc.record({
      step: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: -300, max: 300 })),
      packet: rtp,
    }),
    fc.record({ step: fc.constant(undefined), packet: rtcp }),
  )
  let sequence = 0
  await inSessions(media, (peer, { step, packet }) => {
    if (step === undefined) return peer.sendRtcp(packet)
    const sent = Buffer.from(packet)
    sequence = (sequence + step) & 0xffff
    sent.writeUInt16BE(sequence, 2)
    return peer.sendRtp(sent)
  })
  // It went through the decryption, and found its tracks or not
  expect(server.counters()).toMatchObject({
    'rtp-unknown-stream': aNumber(),
    'rtcp-length-overrun': aNumber(),
  })
})

it('whatever messages are sent in data channels', async () => {
  const user = new UserPacket({ payload: new Uint8Array(20), topic: 'topic', destinationIdentities: ['bob'] })
  const packet = new DataPacket({ value: { case: 'user', value: user }, sequence: 3 })
  const message = fc.record({
    stream: fc.oneof(fc.constantFrom(0, 2), fc.nat(0xffff)),
    ppid: fc.oneof(fc.constantFrom(...Object.values(PPID)), fc.nat()),
    data: fc.oneof(nearly(RELIABLE), nearly(Buffer.from(packet.toBinary())), bytes),
  })
  await inSessions(message, (peer, { stream, ppid, data }) => peer.sendMessage(stream, ppid, data))
  expect(server.counters()).toMatchObject({ 'data-malformed': aNumber() })
})

it('whatever is sent where SCTP is expected', async () => {
  /** A right packet with other bytes in it, and a checksum (RFC 9260, appendix A) over all. */
  const change = fc.record({ at: fc.nat(200), put: fc.uint8Array({ minLength: 1, maxLength: 4 }) })
  const packet = fc.oneof(
    bytes.map((random) => ({ random, changes: [] })),
    fc.array(change, { maxLength: 4 }).map((changes) => ({ random: undefined, changes })),
  )
  await inSessions(packet, async (peer, { random, changes }) => {
    if (random) return peer.sendSctp(random)
    const changed = Buffer.from(peer.lastSctp)
    for (const { at, put } of changes) Buffer.from(put).copy(changed, Math.min(12 + at, changed.length - 1))
    changed.writeUInt32LE(0, 8)
    changed.writeUInt32LE(crc32c(changed), 8)
    return peer.sendSctp(changed)
  })
  expect(server.counters()).toMatchObject({ 'sctp-too-short': aNumber() })
})

it('whatever datagrams come from where a client is', async () => {
  const first = fc.oneof(fc.integer({ min: 20, max: 25 }), fc.nat(255))
  const dtls = fc.record({ first, epoch: fc.nat(3), sequence: fc.nat(0xffff), body: bytes }).map((record) => {
    const header = Buffer.from('00fefd000000000000000000000000', 'hex').subarray(0, 13)
    header[0] = record.first
    header.writeUInt16BE(record.epoch, 3)
    header.writeUInt16BE(record.sequence, 9)
    header.writeUInt16BE(record.body.length, 11)
    return Buffer.concat([header, record.body])
  })
  await inSessions(fc.oneof(dtls, bytes), (peer, datagram) => peer.sendDatagram(datagram))
  expect(server.counters()).toMatchObject({ 'udp-unknown-kind': aNumber() })
})
