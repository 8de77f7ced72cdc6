import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSignedReader, type SignedReader } from './signed-reader.ts'

let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let signatures: number
let reader: SignedReader

beforeEach(async () => {
  signatures = 0
  server = createServer((request, response) => answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listening on no port')
  reader = createSignedReader({
    sign: async (key) => `http://127.0.0.1:${address.port}/${key}?signature=${++signatures}`,
    patienceMs: 50,
  })
})
afterEach(() => {
  reader.destroy()
  server.closeAllConnections()
  server.close()
})

const never = new AbortController().signal

describe('createSignedReader', () => {
  it('gives what S3 answers, and signs once', async () => {
    const asked: (string | undefined)[] = []
    answer = ({ url, headers }, response) => {
      asked.push(url, headers.range, headers['if-match'])
      response.writeHead(206).end('part')
    }
    for (let time = 0; time < 2; time++) {
      const part = await reader.read('a', { range: 'bytes=0-3', 'if-match': '"e"' }, never)
      if (part === undefined || part === 'gone') throw new Error('no answer')
      expect((await buffer(part)).toString()).toBe('part')
    }
    const once = ['/a?signature=1', 'bytes=0-3', '"e"']
    expect(asked).toEqual([...once, ...once])
  })

  it.each([404, 412])('says that what is asked for has gone at %d', async (status) => {
    answer = (_request, response) => response.writeHead(status).end()
    expect(await reader.read('a', {}, never)).toBe('gone')
  })

  it.each([301, 403, 500, 503])('leaves %d to the SDK, and signs anew', async (status) => {
    answer = (_request, response) => response.writeHead(status).end()
    expect(await reader.read('a', {}, never)).toBeUndefined()
    expect(await reader.read('a', {}, never)).toBeUndefined()
    expect(signatures).toBe(2)
  })

  it.each<[string, typeof answer]>([
    ['a connection that ends', ({ socket }) => socket.destroy()],
    ['an answer that never begins', () => undefined],
  ])('leaves %s to the SDK', async (_what, answered) => {
    answer = answered
    expect(await reader.read('a', {}, never)).toBeUndefined()
  })

  it('ends with the client', async () => {
    const left = new AbortController()
    answer = () => left.abort(new Error('left'))
    await expect(reader.read('a', {}, left.signal)).rejects.toThrow('left')
  })
})
