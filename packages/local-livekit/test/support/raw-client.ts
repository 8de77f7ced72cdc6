import { SignalResponse } from '@livekit/protocol'
import { WebSocket } from 'ws'
import { connectNative } from './rtc-node.ts'
import { eventually } from './eventually.ts'
import type { TestServer } from './server.ts'

export interface RawClient {
  readonly socket: WebSocket
  readonly messages: SignalResponse['message'][]
  closed(): Promise<number>
}

/** A client of `/rtc` that says what it likes. */
export async function connectRaw(server: TestServer, identity: string, room: string): Promise<RawClient> {
  const token = await server.token(identity, room)
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rtc?access_token=${token}`)
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
  await eventually('join response', () => messages.length > 0)
  return { socket, messages, closed: () => eventually('the connection is closed', () => code) }
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
