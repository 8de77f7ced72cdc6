import { dispose } from '@livekit/rtc-node'
import { afterAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connectNative } from './support/rtc-node.ts'
import { eventually } from './support/eventually.ts'
import { startLocalServer } from './support/server.ts'
import { startWebhookSink } from './support/webhook-sink.ts'

afterAll(() => dispose())

describe('timeouts', () => {
  it('a WebSocket that says nothing is closed, and its participant is given up', async () => {
    await using server = await startLocalServer({ pingTimeoutSeconds: 1, mediaTimeoutSeconds: 1 })
    const token = await server.token('silent', 'silence')
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rtc?access_token=${token}`)
    let isClosed = false
    socket.on('error', () => undefined)
    socket.on('close', () => {
      isClosed = true
    })
    await eventually('the connection is closed', () => isClosed)
    await eventually(
      'the participant is gone',
      async () => (await server.rooms.listParticipants('silence')).length === 0,
    )
    expect((await server.rooms.listRooms(['silence']))[0]?.numParticipants).toBe(0)
  })

  it('closing the server disconnects everybody', async () => {
    const server = await startLocalServer()
    await using alice = await connectNative(server.url, await server.token('alice', 'closing'))
    await server.close()
    await eventually('alice is disconnected', () => !alice.room.isConnected)
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('a server that closes makes no more rooms', async () => {
    await using sink = await startWebhookSink()
    const release = sink.hold()
    const server = await startLocalServer({ webhookUrls: [sink.url] })
    await server.rooms.createRoom({ name: 'first' })
    // It waits for the webhooks that are on their way
    const closing = server.close()
    await expect(server.rooms.createRoom({ name: 'late' })).rejects.toMatchObject({ status: 503 })
    release()
    await closing
    expect(sink.events.filter((event) => event.room?.name === 'late')).toEqual([])
  })

  it('a port that is taken is refused', async () => {
    await using server = await startLocalServer()
    await expect(startLocalServer({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
