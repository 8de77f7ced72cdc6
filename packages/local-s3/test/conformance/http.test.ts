import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange, send, signedRequest, type Answer, type Exchange } from './exchange.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

const ORIGIN = 'http://page.example'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
  await exchange(endpoint, { method: 'PUT', key: 'file', body: 'content' })
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

function preflight(headers: Record<string, string>, path = `/${BUCKET}/file`): Promise<Answer> {
  return send(endpoint, { method: 'OPTIONS', target: path, headers, body: Buffer.alloc(0) })
}

describe('a page of another origin', () => {
  it.each([
    { method: 'GET', wanted: undefined },
    { method: 'PUT', wanted: 'content-type,x-amz-meta-a,range' },
    { method: 'PATCH', wanted: undefined },
  ])('is told that it may $method', async ({ method, wanted }) => {
    const answer = await preflight({
      origin: ORIGIN,
      'access-control-request-method': method,
      ...(wanted !== undefined && { 'access-control-request-headers': wanted }),
    })
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': method,
      'access-control-allow-credentials': 'true',
    })
    expect(answer.headers['access-control-allow-headers']).toBe(wanted)
    expect(answer.headers.vary).toContain('Origin')
  })

  it('is told so of a bucket that is not there, too', async () => {
    const asking = { origin: 'null', 'access-control-request-method': 'GET' }
    const answer = await preflight(asking, '/no-such-bucket/x')
    expect(answer.status).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toBe('null')
  })

  it('is not told so without an origin or a method', async () => {
    const noOrigin = await preflight({ 'access-control-request-method': 'GET' })
    expect(noOrigin.headers['access-control-allow-methods']).toBeUndefined()
    const noMethod = await preflight({ origin: ORIGIN })
    expect(noMethod.status).toBe(200)
    expect(noMethod.headers['access-control-allow-methods']).toBeUndefined()
  })

  it('may reach a machine of its network, in local-s3', async () => {
    const answer = await preflight({
      origin: ORIGIN,
      'access-control-request-method': 'GET',
      'access-control-request-private-network': 'true',
    })
    expect(answer.headers['access-control-allow-private-network']).toBe(
      differs({ 'local-s3': 'true', minio: undefined }),
    )
  })

  it.each([
    { key: 'file', status: 200 },
    { key: 'nope', status: 404 },
  ])('may read an answer of $status', async ({ key, status }) => {
    const answer = await exchange(endpoint, { key, headers: { origin: ORIGIN } })
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
    })
    const exposed = answer.headers['access-control-expose-headers']?.toLowerCase().split(', ')
    expect(exposed).toEqual(
      expect.arrayContaining(['etag', 'content-length', 'content-range', 'last-modified', '*']),
    )
  })

  it('may read why it was refused', async () => {
    const headers = { origin: ORIGIN }
    const answer = await send(endpoint, {
      method: 'GET',
      target: `/${BUCKET}/file`,
      headers,
      body: Buffer.alloc(0),
    })
    expect(answer.status).toBe(403)
    expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN)
  })
})

it('is not told anything about origins where it sends none', async () => {
  const { headers } = await exchange(endpoint, { key: 'file' })
  expect(headers['access-control-allow-origin']).toBeUndefined()
  expect(headers['access-control-expose-headers']).toBeUndefined()
})

/** The head of a signed request, byte by byte as HTTP/1.1 has it. */
function headOf(wanted: Exchange, target?: string): string {
  const outgoing = signedRequest(endpoint, wanted)
  const lines = Object.entries(outgoing.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${outgoing.method} ${target ?? outgoing.target} HTTP/1.1\r\n${lines.join('')}`
}

/** Says its lines one after another, each when the one before was answered, and gives back all that it hears. */
async function converse(...lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(endpoint.url)
  const socket = connect(Number(port), hostname)
  socket.setEncoding('latin1')
  const waiting = [...lines]
  let heard = ''
  return await new Promise((resolve, reject) => {
    const speak = (): void => {
      const line = waiting.shift()
      if (line !== undefined) socket.write(line, 'latin1')
    }
    socket.on('connect', speak)
    socket.on('data', (text: string) => {
      heard += text
      speak()
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })
}

const statusesIn = (heard: string): number[] =>
  [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

const CLOSE = 'connection: close\r\n\r\n'

describe('a client that waits for 100 Continue', () => {
  const waiting = (wanted: Partial<Exchange>): string =>
    headOf({
      method: 'PUT',
      key: 'continued',
      body: 'hello',
      headers: { expect: '100-continue', 'content-length': '5' },
      ...wanted,
    }) + CLOSE

  it('is told to go on', async () => {
    expect(statusesIn(await converse(waiting({}), 'hello'))).toEqual([100, 200])
    expect((await exchange(endpoint, { key: 'continued' })).text).toBe('hello')
  })

  it.each([
    { name: 'its signature is wrong', wanted: { secretKey: 'wrong' }, status: 403 },
    { name: 'there is no bucket', wanted: { path: '/no-such-bucket/x' }, status: 404 },
  ])('is spared the upload where $name', async ({ wanted, status }) => {
    expect(statusesIn(await converse(waiting(wanted)))).toEqual([status])
  })
})

describe('a request', () => {
  it('to put nothing needs no length', async () => {
    expect(statusesIn(await converse(headOf({ method: 'PUT', key: 'no length' }) + CLOSE))).toEqual([200])
    const head = await exchange(endpoint, { method: 'HEAD', key: 'no length' })
    expect(head.headers['content-length']).toBe('0')
  })

  it('to put something does', async () => {
    const head = headOf({
      method: 'PUT',
      key: 'no end',
      body: 'hello',
      headers: { 'transfer-encoding': 'chunked' },
    })
    expect(statusesIn(await converse(`${head}${CLOSE}5\r\nhello\r\n0\r\n\r\n`))).toEqual([411])
  })

  it('follows another on its connection, also behind a HEAD of what is not there', async () => {
    const first = headOf({ method: 'HEAD', key: 'nope' })
    const heard = await converse(`${first}\r\n${headOf({ key: 'file' })}${CLOSE}`)
    expect(statusesIn(heard)).toEqual([404, 200])
    expect(heard.endsWith('\r\n\r\ncontent')).toBe(true)
  })

  it('may have its target in the absolute form', async () => {
    const heard = await converse(headOf({ key: 'file' }, `${endpoint.url}/${BUCKET}/file`) + CLOSE)
    expect(statusesIn(heard)).toEqual([200])
  })

  it.each([
    { name: 'no host', text: 'GET / HTTP/1.1\r\n\r\n' },
    { name: 'no HTTP', text: 'garbage\r\n\r\n' },
    { name: 'a broken escape', text: `GET /${BUCKET}/%zz HTTP/1.1\r\nhost: x\r\n${CLOSE}` },
  ])('with $name is refused', async ({ text }) => {
    expect(statusesIn(await converse(text))).toEqual([400])
  })
})
