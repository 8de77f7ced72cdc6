import {
  ChatMessage,
  DataPacket,
  DataStream_ByteHeader,
  DataStream_Header,
  DataStream_TextHeader,
  MetricsBatch,
  Transcription,
  UserPacket,
} from '@livekit/protocol'
import { AccessToken, DataPacket_Kind, type VideoGrant } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callRoomService } from '../support/call-room-service.ts'
import { eventually } from '../support/eventually.ts'
import { joinRaw, type RawParticipant } from '../support/raw-participant.ts'
import { API_KEY, API_SECRET, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

async function join(room: string, identity: string, grant: VideoGrant = {}): Promise<RawParticipant> {
  return joinRaw(server, await server.token(identity, room, grant))
}

async function joinAsAgent(room: string): Promise<RawParticipant> {
  const token = new AccessToken(API_KEY, API_SECRET, { identity: 'agent', ttl: '1h' })
  token.addGrant({ roomJoin: true, room })
  token.kind = 'agent'
  return joinRaw(server, await token.toJwt())
}

function user(text: string, more: Partial<UserPacket> = {}): DataPacket['value'] {
  return { case: 'user', value: new UserPacket({ payload: new Uint8Array(Buffer.from(text)), ...more }) }
}

/** Text of user packets, the kind of others. */
function contentOf({ value }: DataPacket): string | undefined {
  return value.case === 'user' ? Buffer.from(value.value.payload).toString() : value.case
}

/** Sends, and returns all that `receiver` has once a last packet has followed it. */
async function relay(
  sender: RawParticipant,
  receiver: RawParticipant,
  packets: readonly Partial<DataPacket>[],
): Promise<DataPacket[]> {
  for (const packet of packets) sender.send(new DataPacket(packet))
  sender.send(new DataPacket({ value: user('last') }))
  await eventually('the last packet has come', () =>
    receiver.packets.some((packet) => contentOf(packet) === 'last'),
  )
  return receiver.packets.slice(0, -1)
}

const nonce = new Uint8Array(16).fill(7)

describe.concurrent('data packets', () => {
  it('say who sent them, whatever the sender says', async () => {
    await using alice = await join('named', 'alice')
    await using bob = await join('named', 'bob')
    const chat = new ChatMessage({ message: 'hello' })
    const [packet, message] = await relay(alice, bob, [
      { participantIdentity: 'zoe', value: user('hello', { participantIdentity: 'zoe' }) },
      { participantIdentity: 'zoe', value: { case: 'chatMessage', value: chat } },
    ])
    const { sid } = await server.rooms.getParticipant('named', 'alice')
    const sent = { participantIdentity: 'alice', participantSid: sid }
    expect(packet).toMatchObject(sent)
    expect(packet?.value.value).toMatchObject(sent)
    expect(message).toMatchObject(sent)
  })

  it('of hidden senders do not say from whom they are', async () => {
    await using ghost = await join('ghostly', 'ghost', { hidden: true })
    await using bob = await join('ghostly', 'bob')
    const chat = new ChatMessage({ message: 'boo' })
    const [packet, message] = await relay(ghost, bob, [
      { value: user('boo') },
      { value: { case: 'chatMessage', value: chat } },
    ])
    expect(packet?.participantIdentity).toBe('')
    expect(packet?.value.value).toMatchObject({ participantIdentity: '', participantSid: '' })
    expect(message?.participantIdentity).toBe('')
  })

  it('that are sent twice under one nonce come once, whoever sends them', async () => {
    await using alice = await join('twice', 'alice')
    await using carol = await join('twice', 'carol')
    await using bob = await join('twice', 'bob')
    const short = new Uint8Array(5)
    const sent = await relay(alice, bob, [
      { value: user('one', { nonce }) },
      { value: user('one again', { nonce }) },
      { value: user('two', { nonce: short }) },
      { value: user('two again', { nonce: short }) },
    ])
    expect(sent.map(contentOf)).toEqual(['one', 'two', 'two again'])
    bob.packets.length = 0
    expect((await relay(carol, bob, [{ value: user('one of carol', { nonce }) }])).map(contentOf)).toEqual([])
  })

  it('of the API come once under one nonce', async () => {
    await using bob = await join('api', 'bob')
    const send = async (text: string): Promise<void> => {
      const data = Buffer.from(text).toString('base64')
      const body = { room: 'api', data, nonce: Buffer.from(nonce).toString('base64') }
      const grant = { roomAdmin: true, room: 'api' }
      expect(await callRoomService(server, 'SendData', body, grant)).toEqual({ status: 200 })
    }
    await send('one')
    await send('one again')
    await server.rooms.sendData('api', new Uint8Array(Buffer.from('two')), DataPacket_Kind.RELIABLE, {})
    await eventually('the second has come', () => bob.packets.some((packet) => contentOf(packet) === 'two'))
    expect(bob.packets.map(contentOf)).toEqual(['one', 'two'])
  })

  it('of statistics, and transcriptions by others than agents, reach nobody', async () => {
    await using alice = await join('kept', 'alice')
    await using bob = await join('kept', 'bob')
    const transcription = new Transcription({ transcribedParticipantIdentity: 'alice' })
    const sent = await relay(alice, bob, [
      { value: { case: 'metrics', value: new MetricsBatch({ strData: ['x'] }) } },
      { value: { case: 'transcription', value: transcription } },
    ])
    expect(sent.map(contentOf)).toEqual([])
  })

  it('of agents may be transcriptions, and chat and text streams in the name of others', async () => {
    await using agent = await joinAsAgent('spoken-for')
    await using bob = await join('spoken-for', 'bob')
    const named = { participantIdentity: 'zoe' }
    const header = (content: DataStream_Header['contentHeader']): DataPacket['value'] => ({
      case: 'streamHeader',
      value: new DataStream_Header({ streamId: 's', contentHeader: content }),
    })
    const sent = await relay(agent, bob, [
      { ...named, value: { case: 'transcription', value: new Transcription() } },
      { ...named, value: { case: 'chatMessage', value: new ChatMessage({ message: 'hello' }) } },
      { ...named, value: header({ case: 'textHeader', value: new DataStream_TextHeader() }) },
      { ...named, value: header({ case: 'byteHeader', value: new DataStream_ByteHeader() }) },
    ])
    expect(sent.map((packet) => [contentOf(packet), packet.participantIdentity])).toEqual([
      ['transcription', 'agent'],
      ['chatMessage', 'zoe'],
      ['streamHeader', 'zoe'],
      ['streamHeader', 'agent'],
    ])
    expect(sent[1]?.value.value).toMatchObject({ generated: true })
  })
})
