import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange, type Answer } from './exchange.ts'
import { differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

const BODY = 'hello world'
const ETAG = `"${createHash('md5').update(BODY).digest('hex')}"`
const OTHER = '"00000000000000000000000000000000"'
const PAST = 'Mon, 01 Jan 2001 00:00:00 GMT'
const SOON = new Date(Date.now() + 3_600_000).toUTCString()

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
  await exchange(endpoint, { method: 'PUT', key: 'file', body: BODY })
  await exchange(endpoint, { method: 'PUT', key: 'empty' })
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

/** GET and HEAD must agree on everything but the body. */
async function read(headers: Record<string, string>, key = 'file'): Promise<Answer> {
  const get = await exchange(endpoint, { key, headers })
  const head = await exchange(endpoint, { method: 'HEAD', key, headers })
  expect(head.status).toBe(get.status)
  expect(head.headers['content-range']).toBe(get.headers['content-range'])
  // That of an error is the length of its XML
  const length = get.status < 300 ? get.headers['content-length'] : undefined
  expect(head.headers['content-length']).toBe(length ?? head.headers['content-length'])
  return get
}

describe('one range', () => {
  it.each([
    { range: 'bytes=0-4', text: 'hello', contentRange: 'bytes 0-4/11' },
    { range: 'bytes=0-0', text: 'h', contentRange: 'bytes 0-0/11' },
    { range: 'bytes=10-10', text: 'd', contentRange: 'bytes 10-10/11' },
    { range: 'bytes=3-', text: 'lo world', contentRange: 'bytes 3-10/11' },
    { range: 'bytes=6-999', text: 'world', contentRange: 'bytes 6-10/11' },
    { range: 'bytes=-4', text: 'orld', contentRange: 'bytes 7-10/11' },
    { range: 'bytes=-99', text: BODY, contentRange: 'bytes 0-10/11' },
    { range: 'bytes=00-04', text: 'hello', contentRange: 'bytes 0-4/11' },
    { range: 'bytes=0-4 ', text: 'hello', contentRange: 'bytes 0-4/11' },
  ])('$range is answered with 206', async ({ range, text, contentRange }) => {
    const answer = await read({ range })
    expect(answer).toMatchObject({ status: 206, text })
    expect(answer.headers).toMatchObject({
      'content-range': contentRange,
      'content-length': String(text.length),
      etag: ETAG,
    })
  })

  it.each(['bytes=11-', 'bytes=99-100', 'bytes=-0', 'bytes=5-2'])('%s cannot be satisfied', async (range) => {
    const answer = await read({ range })
    expect(answer).toMatchObject({ status: 416, code: 'InvalidRange' })
    expect(answer.headers['content-type']).toBe('application/xml')
    expect(answer.text).toMatch(/<Message>The requested range.* is not satisfiable<\/Message>/)
  })

  it('of nothing cannot be satisfied', async () => {
    expect((await read({ range: 'bytes=0-' }, 'empty')).status).toBe(416)
    // MinIO: Content-Range: bytes 0--1/0
    const suffix = await read({ range: 'bytes=-5' }, 'empty')
    expect(suffix.status).toBe(differs({ 'local-s3': 416, minio: 206 }))
  })

  it.each([
    'bytes=0-1,3-4',
    'bytes=0-4,',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=0--4',
    'bytes=+0-4',
    'bytes= 0-4',
    'bytes=0 -4',
    'Bytes=0-4',
    'lines=0-1',
    '0-4',
    'bytes=0-99999999999999999999',
    'bytes=99999999999999999999-',
  ])('that is not understood is ignored: %s', async (range) => {
    const answer = await read({ range })
    expect(answer).toMatchObject({ status: 200, text: BODY })
    expect(answer.headers['content-range']).toBeUndefined()
  })

  it.each([
    { condition: ETAG, status: 206 },
    // MinIO does not look at If-Range
    { condition: OTHER, status: differs({ 'local-s3': 200, minio: 206 }) },
    { condition: PAST, status: differs({ 'local-s3': 200, minio: 206 }) },
  ])('under If-Range $condition is answered with $status', async ({ condition, status }) => {
    expect((await read({ range: 'bytes=0-3', 'if-range': condition })).status).toBe(status)
  })
})

describe('a condition', () => {
  it.each([
    { headers: { 'if-match': ETAG }, status: 200 },
    { headers: { 'if-match': ETAG.slice(1, -1) }, status: 200 },
    { headers: { 'if-match': '*' }, status: 200 },
    { headers: { 'if-match': '' }, status: 200 },
    { headers: { 'if-match': OTHER }, status: 412 },
    { headers: { 'if-match': `W/${ETAG}` }, status: 412 },
    { headers: { 'if-match': `${OTHER}, ${ETAG}` }, status: 412 },
    { headers: { 'if-none-match': ETAG }, status: 304 },
    { headers: { 'if-none-match': ETAG.slice(1, -1) }, status: 304 },
    { headers: { 'if-none-match': '*' }, status: 304 },
    { headers: { 'if-none-match': '' }, status: 200 },
    { headers: { 'if-none-match': OTHER }, status: 200 },
    { headers: { 'if-none-match': `W/${ETAG}` }, status: 200 },
    { headers: { 'if-none-match': `${OTHER}, ${ETAG}` }, status: 200 },
    { headers: { 'if-modified-since': PAST }, status: 200 },
    { headers: { 'if-modified-since': SOON }, status: 304 },
    { headers: { 'if-modified-since': 'garbage' }, status: 200 },
    { headers: { 'if-modified-since': '2037-01-01T00:00:00.000Z' }, status: 200 },
    { headers: { 'if-unmodified-since': PAST }, status: 412 },
    { headers: { 'if-unmodified-since': SOON }, status: 200 },
    { headers: { 'if-unmodified-since': 'garbage' }, status: 200 },
    { headers: { 'if-match': ETAG, 'if-unmodified-since': PAST }, status: 200 },
    { headers: { 'if-match': OTHER, 'if-unmodified-since': SOON }, status: 412 },
    { headers: { 'if-none-match': ETAG, 'if-modified-since': PAST }, status: 304 },
    { headers: { 'if-match': ETAG, 'if-none-match': ETAG }, status: 304 },
    { headers: { range: 'bytes=0-3', 'if-none-match': ETAG }, status: 304 },
    { headers: { range: 'bytes=0-3', 'if-match': ETAG }, status: 206 },
    { headers: { range: 'bytes=0-3', 'if-match': OTHER }, status: 412 },
    { headers: { range: 'bytes=99-', 'if-match': OTHER }, status: 412 },
    { headers: { range: 'bytes=99-', 'if-none-match': ETAG }, status: 304 },
  ])('$headers gives $status', async ({ headers, status }) => {
    const answer = await read(headers)
    expect(answer.status).toBe(status)
    expect(answer.headers.etag).toBe(ETAG)
    expect(answer.code).toBe(status === 412 ? 'PreconditionFailed' : undefined)
    expect(answer.text === '').toBe(status === 304)
  })

  // RFC 9110 section 13.2.2 has an order, in which an ETag outweighs a date and a failed If-Match a cached copy
  it.each([
    { headers: { 'if-none-match': OTHER, 'if-modified-since': SOON }, rfc: 200, minio: 304 },
    { headers: { 'if-match': OTHER, 'if-none-match': ETAG }, rfc: 412, minio: 304 },
    { headers: { 'if-none-match': ETAG, 'if-unmodified-since': PAST }, rfc: 412, minio: 304 },
  ])('that another contradicts is judged in another order: $headers', async ({ headers, rfc, minio }) => {
    expect((await read(headers)).status).toBe(differs({ 'local-s3': rfc, minio }))
  })

  it('on what is not there does not hide that', async () => {
    expect(await exchange(endpoint, { key: 'nope', headers: { 'if-match': ETAG } })).toMatchObject({
      status: 404,
      code: 'NoSuchKey',
    })
  })
})
