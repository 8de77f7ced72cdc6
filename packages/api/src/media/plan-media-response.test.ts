import { describe, expect, it } from 'vitest'
import { planMediaResponse } from './plan-media-response.ts'

const SIZE = 10_000
const PORTION = 1_000
const ETAG = '"abc"'
const MODIFIED = 'Mon, 05 Jan 2026 10:00:00 GMT'
const BEFORE = 'Mon, 05 Jan 2026 09:59:59 GMT'
const AFTER = 'Mon, 05 Jan 2026 10:00:01 GMT'

const plan = (headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET', etag = ETAG, size = SIZE) =>
  planMediaResponse(
    { method, fileName: 'a.mp4', contentType: 'video/mp4', download: false, headers },
    // With milliseconds, which HTTP dates do not have
    { size, etag, lastModified: new Date(Date.parse(MODIFIED) + 321) },
    PORTION,
  )

describe('Range (RFC 9110, section 14.2)', () => {
  it.each([
    ['bytes=0-99', 'bytes 0-99/10000', 100],
    ['bytes=100-100', 'bytes 100-100/10000', 1],
    ['bytes=500-4999', 'bytes 500-4999/10000', 4_500],
    ['bytes=9000-20000', 'bytes 9000-9999/10000', 1_000],
    ['bytes=-50', 'bytes 9950-9999/10000', 50],
    ['bytes=-5000', 'bytes 5000-9999/10000', 5_000],
    ['bytes=-20000', 'bytes 0-9999/10000', 10_000],
    ['bytes=0-', 'bytes 0-999/10000', 1_000],
    ['bytes=9500-', 'bytes 9500-9999/10000', 500],
    ['BYTES=0-0', 'bytes 0-0/10000', 1],
  ])('%s is answered by %s', (range, contentRange, length) => {
    const answer = plan({ range })
    expect(answer.status).toBe(206)
    expect(answer.headers['content-range']).toBe(contentRange)
    expect(answer.headers['content-length']).toBe(String(length))
  })

  it.each(['bytes=10000-', 'bytes=10000-10001', 'bytes=-0'])('%s can not be satisfied', (range) => {
    const answer = plan({ range })
    expect(answer.status).toBe(416)
    expect(answer.headers['content-range']).toBe('bytes */10000')
    expect(answer.body).toBe('none')
  })

  it.each([
    'bytes=a-b',
    'bytes=',
    'bytes=5-4',
    'bytes=0-1,5-6',
    'items=0-1',
    'bytes 0-1',
    'bytes=--5',
    'bytes=1.5-2',
  ])('%s is ignored', (range) => {
    const answer = plan({ range })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-length']).toBe('10000')
    expect(answer.body).toBe('whole')
  })

  it('means nothing to HEAD', () => {
    const answer = plan({ range: 'bytes=0-1' }, 'HEAD')
    expect(answer.status).toBe(200)
    expect(answer.headers['content-length']).toBe('10000')
    expect(answer.body).toBe('none')
  })

  it('of an empty file can not be satisfied', () => {
    expect(plan({ range: 'bytes=0-' }, 'GET', ETAG, 0).status).toBe(416)
  })
})

describe('preconditions (RFC 9110, section 13)', () => {
  it.each<[string, Record<string, string>, number]>([
    ['If-None-Match with the ETag', { 'if-none-match': ETAG }, 304],
    ['If-None-Match with its weak form', { 'if-none-match': `W/${ETAG}` }, 304],
    ['If-None-Match with it in a list', { 'if-none-match': `"x", ${ETAG}` }, 304],
    ['If-None-Match: *', { 'if-none-match': '*' }, 304],
    ['If-None-Match with another', { 'if-none-match': '"x"' }, 200],
    ['If-Modified-Since its date', { 'if-modified-since': MODIFIED }, 304],
    ['If-Modified-Since later', { 'if-modified-since': AFTER }, 304],
    ['If-Modified-Since earlier', { 'if-modified-since': BEFORE }, 200],
    ['If-Modified-Since no date', { 'if-modified-since': 'yesterday' }, 200],
    ['If-None-Match before If-Modified-Since', { 'if-none-match': '"x"', 'if-modified-since': AFTER }, 200],
    ['If-Match with the ETag', { 'if-match': ETAG }, 200],
    ['If-Match: *', { 'if-match': '*' }, 200],
    ['If-Match with another', { 'if-match': '"x"' }, 412],
    ['If-Match with the weak form', { 'if-match': `W/${ETAG}` }, 412],
    ['If-Unmodified-Since its date', { 'if-unmodified-since': MODIFIED }, 200],
    ['If-Unmodified-Since earlier', { 'if-unmodified-since': BEFORE }, 412],
    ['If-Match before If-Unmodified-Since', { 'if-match': ETAG, 'if-unmodified-since': BEFORE }, 200],
    ['412 before 416', { 'if-match': '"x"', range: 'bytes=99999-' }, 412],
    ['304 before 206', { 'if-none-match': ETAG, range: 'bytes=0-1' }, 304],
  ])('%s', (_what, headers, status) => {
    const answer = plan(headers)
    expect(answer.status).toBe(status)
    expect(answer.headers['etag']).toBe(ETAG)
    expect(answer.body).toBe(status === 200 ? 'whole' : 'none')
  })

  it.each<[string, Record<string, string>, number]>([
    ['the ETag', { 'if-range': ETAG }, 206],
    ['another ETag', { 'if-range': '"x"' }, 200],
    ['a weak ETag', { 'if-range': `W/${ETAG}` }, 200],
    ['the exact date', { 'if-range': MODIFIED }, 206],
    ['a later date', { 'if-range': AFTER }, 200],
    ['no date', { 'if-range': 'x' }, 200],
  ])('If-Range with %s', (_what, headers, status) => {
    expect(plan({ ...headers, range: 'bytes=0-1' }).status).toBe(status)
  })
})
