import { gzipSync } from 'node:zlib'
import {
  SignalRequest,
  SignalResponse,
  WrappedJoinRequest,
  WrappedJoinRequest_Compression,
  type JoinRequest,
} from '@livekit/protocol'
import type { VideoGrant } from 'livekit-server-sdk'
import { WebSocket } from 'ws'
import { connectNative } from './rtc-node.ts'
import { eventually } from './eventually.ts'
import type { TestServer } from './server.ts'

export interface RawClient {
  readonly socket: WebSocket
  readonly messages: SignalResponse['message'][]
  readonly say: (message: SignalRequest['message']) => void
  closed(): Promise<number>
}

type MessageOf<Case> = Extract<SignalResponse['message'], { case: Case }>

/** Messages of one kind that have come. */
export function messagesOf<Case extends NonNullable<SignalResponse['message']['case']>>(
  { messages }: Pick<RawClient, 'messages'>,
  kind: Case,
): MessageOf<Case>[] {
  return messages.filter((message): message is MessageOf<Case> => message.case === kind)
}

/** A client of `/rtc` that says what it likes. */
export async function connectRaw(
  server: TestServer,
  identity: string,
  room: string,
  grant?: VideoGrant,
): Promise<RawClient> {
  return openSignal(server, '/rtc', { access_token: await server.token(identity, room, grant) })
}

/**
 * Opens a signalling connection and waits until the server has said something.
 * @throws Error `Unexpected server response: …` when the server refuses it, or when it hangs up without a word
 */
export async function openSignal(
  server: TestServer,
  path: '/rtc' | '/rtc/v1',
  query: Record<string, string>,
): Promise<RawClient> {
  const url = `${server.url.replace('http', 'ws')}${path}?${new URLSearchParams(query).toString()}`
  const socket = new WebSocket(url)
  const messages: SignalResponse['message'][] = []
  let code: number | undefined
  socket.on('message', (data: Buffer) => messages.push(SignalResponse.fromBinary(data).message))
  socket.on('close', (closeCode) => {
    code = closeCode
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  await eventually('join response', () => {
    if (code !== undefined && messages.length === 0) throw new Error(`closed with ${code}`)
    return messages.length > 0
  })
  return {
    socket,
    messages,
    say: (message) => socket.send(new SignalRequest({ message }).toBinary()),
    closed: () => eventually('the connection is closed', () => code),
  }
}

/** The query parameter `join_request` of `/rtc/v1`: base64url with its padding, on which livekit-server insists. */
export function encodeJoinRequest(request: JoinRequest): string {
  const wrapped = new WrappedJoinRequest({
    compression: WrappedJoinRequest_Compression.GZIP,
    joinRequest: gzipSync(request.toBinary()),
  })
  return Buffer.from(wrapped.toBinary()).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

/** What became of a connection that was not let in: refused as plain HTTP, or closed after these messages. */
export type Refused =
  { status: number; text: string } | { code: number; messages: SignalResponse['message'][] }

/** Connects to a path (`/rtc?…`) where it is expected to be turned away. */
export function connectRefused(server: TestServer, path: string): Promise<Refused> {
  const socket = new WebSocket(server.url.replace('http', 'ws') + path)
  const messages: SignalResponse['message'][] = []
  return new Promise((resolve, reject) => {
    socket.on('message', (data: Buffer) => messages.push(SignalResponse.fromBinary(data).message))
    socket.on('close', (code) => resolve({ code, messages }))
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      )
    })
  })
}

/** The server still does its work, for somebody else. */
export async function stillServes(server: TestServer): Promise<void> {
  await using alice = await connectNative(server.url, await server.token('alice', 'sane'))
  await alice.publishAudio()
  await eventually('the track is published', async () => {
    const [participant] = await server.rooms.listParticipants('sane')
    return participant?.tracks.length === 1
  })
}
