import { PutObjectCommand } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { nextText } from './next-text.ts'
import { rawRequest } from './raw-request.ts'
import { readObject } from './read-object.ts'
import { signedTarget } from './signed-target.ts'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'witness', Body: 'still here' }))
})
afterAll(async () => server[Symbol.asyncDispose]())
// Whatever a test has sent, the server goes on
afterEach(async () => assert.equal((await readObject(server.s3, 'witness')).toString(), 'still here'))

function signed(
  method: string,
  key: string,
  headers: string,
  body: string,
  query: Record<string, string> = {},
): string {
  const target = signedTarget(method, server.url, BUCKET, key, query)
  return `${method} ${target} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nConnection: close\r\n${headers}\r\n${body}`
}

const md5 = (body: string): string => createHash('md5').update(body).digest('base64')

const post = (query: string, body: string): Promise<string> =>
  rawRequest(
    server.url,
    signed('POST', '', `Content-Length: ${Buffer.byteLength(body)}\r\nContent-MD5: ${md5(body)}\r\n`, body, {
      [query]: '',
    }),
  )

describe('requests that are none', () => {
  it.each([
    { name: 'no HTTP at all', request: '\u0016\u0003\u0001\u0000hello\r\n\r\n', status: 400 },
    { name: 'headers without an end', request: `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}`, status: 431 },
    {
      name: 'a target that is no path',
      request: 'GET nonsense HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      status: 400,
    },
    {
      name: 'two lengths',
      request: 'PUT /a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      status: 400,
    },
    {
      name: 'a method of its own',
      request: 'PURGE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      status: 403,
    },
  ])('end their own connection: $name', async ({ request, status }) => {
    expect(await rawRequest(server.url, request)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it.each([
    {
      name: 'more than 5 GiB',
      headers: `Content-Length: ${6 * 1024 ** 3}\r\n`,
      body: '',
      code: 'EntityTooLarge',
    },
  ])('refuse a put with $name', async ({ headers, body, code }) => {
    expect(await rawRequest(server.url, signed('PUT', 'k', headers, body))).toContain(`<Code>${code}</Code>`)
  })

  it('refuses too much metadata', async () => {
    await expect(
      server.s3.send(
        new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: '', Metadata: { a: 'x'.repeat(2048) } }),
      ),
    ).rejects.toMatchObject({ name: 'MetadataTooLarge' })
  })

  it('spare a client that waits for 100 Continue the upload that would be refused', async () => {
    const { hostname, port, host } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.setEncoding('latin1')
    const ask = async (target: string): Promise<string> => {
      socket.write(
        `PUT ${target} HTTP/1.1\r\nHost: ${host}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
      )
      return await nextText(socket, 'data')
    }
    expect(await ask(signedTarget('PUT', server.url, BUCKET, 'k').replace('/k?', '/other?'))).toContain(
      '403 Forbidden',
    )
    socket.destroy()
    const fresh = connect(Number(port), hostname)
    fresh.setEncoding('latin1')
    fresh.write(
      `PUT ${signedTarget('PUT', server.url, BUCKET, 'k')} HTTP/1.1\r\nHost: ${host}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
    )
    expect(await nextText(fresh, 'data')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    fresh.write('body')
    expect(await nextText(fresh, 'data')).toContain('HTTP/1.1 200 OK')
    fresh.destroy()
    expect((await readObject(server.s3, 'k')).toString()).toBe('body')
  })
})

describe('XML that is none of S3’s', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Delete><Object><Key>&b;</Key></Object></Delete>`
  it.each([
    { name: 'nothing', body: '' },
    { name: 'no XML', body: '{"Delete": 1}' },
    { name: 'an element left open', body: '<Delete><Object><Key>a</Key>' },
    { name: 'another document', body: '<Select><Object><Key>a</Key></Object></Select>' },
    { name: 'no keys', body: '<Delete></Delete>' },
    { name: 'a key without a name', body: '<Delete><Object><Key></Key></Object></Delete>' },
    { name: 'entities of its own', body: bomb },
    { name: 'an unknown entity', body: '<Delete><Object><Key>&b;</Key></Object></Delete>' },
    { name: 'a character that is none', body: '<Delete><Object><Key>&#xD800;</Key></Object></Delete>' },
    { name: 'more than 1000 keys', body: `<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>` },
    { name: 'names of built-in things', body: '<__proto__><Object><Key>a</Key></Object></__proto__>' },
    { name: 'a deep nest', body: '<Delete>'.repeat(5000) },
  ])('is refused: $name', async ({ body }) => {
    const answer = await post('delete', body)
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toContain('<Code>MalformedXML</Code>')
  })

  it('is not read beyond its limit', async () => {
    const answer = await rawRequest(
      server.url,
      signed('POST', '', `Content-Length: ${9 * 1024 * 1024}\r\nContent-MD5: ${md5('')}\r\n`, '', {
        delete: '',
      }),
    )
    expect(answer).toContain('<Code>MaxMessageLengthExceeded</Code>')
  })
})

describe('a connection', () => {
  it('goes on after a refused body, with the next request', async () => {
    const { hostname, port, host } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const answers: string[] = []
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => answers.push(text))
    const refused = signedTarget('PUT', server.url, BUCKET, 'refused')
    socket.write(
      `PUT ${refused} HTTP/1.1\r\nHost: ${host}\r\nContent-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`,
    )
    socket.write(
      `GET ${signedTarget('GET', server.url, BUCKET, 'witness')} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    )
    await once(socket, 'close')
    expect(answers.join('')).toContain('<Code>BadDigest</Code>')
    expect(answers.join('').endsWith('still here')).toBe(true)
  })

  it('goes on after broken framing, with what is left of the body read past', async () => {
    const { hostname, port, host } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const answers: string[] = []
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => answers.push(text))
    const broken = signedTarget(
      'PUT',
      server.url,
      BUCKET,
      'broken',
      { 'X-Amz-Content-Sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
      { 'x-amz-decoded-content-length': '290000' },
    )
    socket.write(
      `PUT ${broken} HTTP/1.1\r\nHost: ${host}\r\nx-amz-decoded-content-length: 290000\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`,
    )
    socket.write(
      `GET ${signedTarget('GET', server.url, BUCKET, 'witness')} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    )
    await once(socket, 'close')
    expect(answers.join('')).toContain('<Code>IncompleteBody</Code>')
    expect(answers.join('').endsWith('still here')).toBe(true)
  })
})
