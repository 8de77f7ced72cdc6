import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { endWhenSilent } from './end-when-silent.ts'

/** ms; what is tested happens after it, however long after. */
const LIMIT_MS = 20
/** More than the buffers between the two ends hold. */
const LONG = 64 << 20

let server: Server
let send: (response: ServerResponse) => void

beforeEach(async () => {
  server = createServer((_request, response) => send(response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function ask(): Promise<IncomingMessage> {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listening on no port')
  const request = get({ host: '127.0.0.1', port: address.port })
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
}

it('ends the reading when nothing comes', async () => {
  send = (response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('half')
  }
  const answer = await ask()
  endWhenSilent(answer, LIMIT_MS)
  await expect(buffer(answer)).rejects.toThrow(/sent nothing/)
})

it('waits for a reader who pauses, and watches again when it reads on', async () => {
  send = (response) => {
    response.writeHead(200, { 'content-length': LONG + 1 })
    response.write(Buffer.alloc(LONG))
  }
  const answer = await ask()
  endWhenSilent(answer, LIMIT_MS)
  // Nobody reads. Silence is noticed again and again, and nothing comes of it
  for (let times = 0; times < 3; times++) await once(answer.socket, 'timeout')
  expect(answer.destroyed).toBe(false)
  let received = 0
  answer.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  await expect(once(answer, 'end')).rejects.toThrow(/sent nothing/)
  expect(received).toBe(LONG)
})

it('leaves the connection to others as it was', async () => {
  send = (response) => response.end('all')
  const answer = await ask()
  const { socket } = answer
  endWhenSilent(answer, LIMIT_MS)
  const closed = once(answer, 'close')
  expect((await buffer(answer)).toString()).toBe('all')
  await closed
  expect(socket.timeout ?? 0).toBe(0)
})
