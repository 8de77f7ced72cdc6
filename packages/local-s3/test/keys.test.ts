import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readObject } from './read-object.ts'
import { rawRequest } from './raw-request.ts'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'
import { signedTarget } from './signed-target.ts'

let server: TestServer
let filesBefore: string[]
beforeAll(async () => {
  server = await startTestServer()
  filesBefore = await filesAround()
})
afterAll(async () => server[Symbol.asyncDispose]())

/** Everything that a key might reach by climbing out of the folder of bytes. */
async function filesAround(): Promise<string[]> {
  const names = await readdir(server.dataDir, { recursive: true })
  return names.filter((name) => !name.startsWith(`blobs${path.sep}`)).toSorted()
}

const KEYS = [
  '..',
  '.',
  '../escape',
  '../../../../tmp/escape',
  'a/../../escape',
  'a/./b',
  'a//b',
  '/leading',
  'trailing/',
  '//',
  '~/.profile',
  '..\\escape',
  'C:\\escape',
  'con',
  'nul.txt',
  'journal',
  'lock.json',
  '%2e%2e%2fescape',
  '%00',
  'null\u0000byte',
  'new\nline\r\ntab\t',
  'space at end ',
  ' space at start',
  '+plus+',
  'per%cent',
  'quote"\'`$(id)',
  'q?uery=1&b#hash',
  '<xml>&amp;</xml>',
  'ünïcödé \u{1F3A5} e\u0301',
  'constructor',
  '__proto__',
  'A',
  'a',
  '9'.repeat(1024),
]

describe('keys', () => {
  it.each(KEYS)('%j is a name and nothing else', async (key) => {
    // By hand, because URL parsers would resolve the dots
    const body = `content of ${key.length}`
    const put = await rawRequest(
      server.url,
      `PUT ${signedTarget('PUT', server.url, BUCKET, key)} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n` +
        `Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(put).toMatch(/^HTTP\/1.1 200 /)
    const get = await rawRequest(
      server.url,
      `GET ${signedTarget('GET', server.url, BUCKET, key)} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n` +
        `Connection: close\r\n\r\n`,
    )
    expect(get.endsWith(`\r\n\r\n${body}`)).toBe(true)
    const list = await rawRequest(
      server.url,
      `GET ${signedTarget('GET', server.url, BUCKET, '', { 'encoding-type': 'url', prefix: key })} HTTP/1.1\r\n` +
        `Host: ${new URL(server.url).host}\r\nConnection: close\r\n\r\n`,
    )
    const listed = [...list.matchAll(/<Contents><Key>([^<]*)<\/Key>/g)].map(([, name]) =>
      decodeURIComponent((name ?? '').replaceAll('+', ' ')),
    )
    expect(listed).toContain(key)
    expect(await filesAround()).toEqual(filesBefore)
  })

  it('are told apart where they differ in nothing but case, form or slashes', async () => {
    const alike = ['case/A', 'case/a', 'case/e\u0301', 'case/\u00e9', 'case//a', 'case/a/']
    for (const Key of alike) await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }))
    for (const key of alike) expect((await readObject(server.s3, key)).toString()).toBe(key)
    const list = await server.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'case/' }))
    expect(list.Contents).toHaveLength(alike.length)
  })

  it('are at most 1024 bytes of UTF-8 long', async () => {
    const put = (Key: string): Promise<unknown> =>
      server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }))
    await put('ü'.repeat(512))
    await expect(put(`${'ü'.repeat(512)}a`)).rejects.toMatchObject({ name: 'KeyTooLongError' })
  })

  it.each(['/%ff', `/${BUCKET}/%c3%28`, `/${BUCKET}/%zz`, `/${BUCKET}/%`])(
    'cannot be no UTF-8: %s',
    async (target) => {
      const answer = await rawRequest(
        server.url,
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).toContain('<Code>InvalidURI</Code>')
    },
  )

  it.each(['ab', 'UPPER', '-dash', 'a..b', '192.168.0.1', 'under_score', '..', 'x'.repeat(64)])(
    'come in buckets, which are not called %s',
    async (bucket) => {
      const answer = await rawRequest(
        server.url,
        `PUT ${signedTarget('PUT', server.url, bucket, '')} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n` +
          `Connection: close\r\nContent-Length: 0\r\n\r\n`,
      )
      expect(answer).toContain('<Code>InvalidBucketName</Code>')
      expect(await filesAround()).toEqual(filesBefore)
    },
  )

  it('are signed the same by the SDK', async () => {
    const Key = "a b+c/ü'()*!.mp4"
    await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }))
    const url = await getSignedUrl(server.s3, new GetObjectCommand({ Bucket: BUCKET, Key }), {
      expiresIn: 60,
    })
    expect(await (await fetch(url)).text()).toBe('x')
  })
})
