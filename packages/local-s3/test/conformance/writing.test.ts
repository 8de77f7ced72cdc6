import { createHash } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { exchange } from './exchange.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

const BODY = 'hello world'
const ETAG = `"${createHash('md5').update(BODY).digest('hex')}"`
const SOON = new Date(Date.now() + 3_600_000).toUTCString()
const OTHER = '"00000000000000000000000000000000"'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

describe('a condition of a put', () => {
  beforeEach(async () => {
    await exchange(endpoint, { method: 'PUT', key: 'there', body: BODY })
    await exchange(endpoint, { method: 'DELETE', key: 'nowhere' })
  })

  it.each([
    { key: 'there', headers: { 'if-none-match': '*' }, status: 412, code: 'PreconditionFailed' },
    { key: 'nowhere', headers: { 'if-none-match': '*' }, status: 200, code: undefined },
    { key: 'there', headers: { 'if-none-match': ETAG }, status: 412, code: 'PreconditionFailed' },
    { key: 'there', headers: { 'if-none-match': OTHER }, status: 200, code: undefined },
    { key: 'there', headers: { 'if-match': ETAG }, status: 200, code: undefined },
    { key: 'there', headers: { 'if-match': '*' }, status: 200, code: undefined },
    { key: 'there', headers: { 'if-match': OTHER }, status: 412, code: 'PreconditionFailed' },
    { key: 'nowhere', headers: { 'if-match': ETAG }, status: 404, code: 'NoSuchKey' },
    { key: 'nowhere', headers: { 'if-match': '*' }, status: 404, code: 'NoSuchKey' },
    {
      key: 'there',
      headers: { 'if-match': ETAG, 'if-none-match': '*' },
      status: 412,
      code: 'PreconditionFailed',
    },
    { key: 'nowhere', headers: { 'if-match': ETAG, 'if-none-match': '*' }, status: 404, code: 'NoSuchKey' },
    {
      key: 'there',
      headers: { 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' },
      status: 200,
      code: undefined,
    },
  ])('$headers on what is $key gives $status', async ({ key, headers, status, code }) => {
    const put = await exchange(endpoint, { method: 'PUT', key, body: 'new', headers })
    expect(put).toMatchObject({ status, code })
    const now = await exchange(endpoint, { key })
    const kept = key === 'there' ? BODY : 'NoSuchKey'
    expect(now.code ?? now.text).toBe(status === 200 ? 'new' : kept)
  })

  it.each([
    { name: 'creators', condition: { IfNoneMatch: '*' }, start: undefined },
    { name: 'updates of one version', condition: { IfMatch: ETAG }, start: BODY },
  ])('lets one of many racing $name win', async ({ name, condition, start }) => {
    const target = { Bucket: BUCKET, Key: `race of ${name}` }
    if (start !== undefined) await endpoint.s3.send(new PutObjectCommand({ ...target, Body: start }))
    const bodies = Array.from({ length: 16 }, (_, at) => `contender ${at}`)
    const outcomes = await Promise.allSettled(
      bodies.map((Body) => endpoint.s3.send(new PutObjectCommand({ ...target, Body, ...condition }))),
    )
    const winners = bodies.filter((_, at) => outcomes[at]?.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    const losses = outcomes.filter((outcome) => outcome.status === 'rejected')
    for (const loss of losses) expect(loss.reason).toMatchObject({ name: 'PreconditionFailed' })
    expect((await exchange(endpoint, { key: target.Key })).text).toBe(winners[0])
  })
})

// AWS has it for directory buckets first and for all since 2025; MinIO does not look at it
it('a condition of a delete is kept by local-s3 alone', async () => {
  await exchange(endpoint, { method: 'PUT', key: 'guarded', body: BODY })
  const headers = { 'if-match': OTHER }
  const { status } = await exchange(endpoint, { method: 'DELETE', key: 'guarded', headers })
  expect(status).toBe(differs({ 'local-s3': 412, minio: 204 }))
})

describe('copying', () => {
  const DESCRIBED = { 'content-type': 'text/x', 'x-amz-meta-a': 'b', 'cache-control': 'no-store' }
  beforeEach(async () => {
    for (const key of ['source', 'odd ü+%'])
      await exchange(endpoint, { method: 'PUT', key, body: BODY, headers: DESCRIBED })
  })

  const copy = (
    source: string,
    headers: Record<string, string> = {},
    key = 'copy',
  ): ReturnType<typeof exchange> =>
    exchange(endpoint, { method: 'PUT', key, headers: { 'x-amz-copy-source': source, ...headers } })

  it('answers with ETag and time, in XML', async () => {
    const answer = await copy(`/${BUCKET}/source`)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')
    expect(answer.text).toMatch(/<LastModified>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z<\/LastModified>/)
    expect(answer.headers.etag).toBe(ETAG)
  })

  it.each([
    { source: `/${BUCKET}/source`, status: 200, code: undefined },
    { source: `${BUCKET}/source`, status: 200, code: undefined },
    { source: `/${BUCKET}/source?versionId=null`, status: 200, code: undefined },
    { source: `/${BUCKET}/odd%20%C3%BC%2B%25`, status: 200, code: undefined },
    // A plus is a plus
    { source: `/${BUCKET}/odd+%C3%BC%2B%25`, status: 404, code: 'NoSuchKey' },
    { source: `/${BUCKET}/a%zz`, status: 404, code: 'NoSuchKey' },
    { source: `/${BUCKET}/nope`, status: 404, code: 'NoSuchKey' },
    { source: '/no-such-bucket/nope', status: 404, code: 'NoSuchBucket' },
    { source: `/${BUCKET}`, status: 400, code: 'InvalidArgument' },
    { source: `/${BUCKET}/`, status: 400, code: 'InvalidArgument' },
  ])('from $source gives $status', async ({ source, status, code }) => {
    expect(await copy(source)).toMatchObject({ status, code })
  })

  it('takes the description along, unless it is replaced', async () => {
    const describedAs = async (headers: Record<string, string>): Promise<unknown[]> => {
      expect((await copy(`/${BUCKET}/source`, headers)).status).toBe(200)
      const head = await exchange(endpoint, { method: 'HEAD', key: 'copy' })
      return ['content-type', 'cache-control', 'x-amz-meta-a', 'x-amz-meta-c'].map(
        (name) => head.headers[name],
      )
    }
    const other = { 'content-type': 'text/y', 'x-amz-meta-c': 'd' }
    const same = ['text/x', 'no-store', 'b', undefined]
    expect(await describedAs({})).toEqual(same)
    expect(await describedAs({ ...other, 'x-amz-metadata-directive': 'COPY' })).toEqual(same)
    expect(await describedAs({ ...other, 'x-amz-metadata-directive': 'REPLACE' })).toEqual([
      'text/y',
      undefined,
      undefined,
      'd',
    ])
    expect(await describedAs({ 'x-amz-metadata-directive': 'REPLACE' })).toEqual([
      'binary/octet-stream',
      undefined,
      undefined,
      undefined,
    ])
  })

  it('onto itself must change something', async () => {
    expect(await copy(`/${BUCKET}/source`, {}, 'source')).toMatchObject({
      status: 400,
      code: 'InvalidRequest',
    })
    const headers = { 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-z': '1' }
    expect((await copy(`/${BUCKET}/source`, headers, 'source')).status).toBe(200)
    const head = await exchange(endpoint, { method: 'HEAD', key: 'source' })
    expect(head.headers).toMatchObject({ 'x-amz-meta-z': '1', etag: ETAG })
    expect(head.headers['x-amz-meta-a']).toBeUndefined()
  })

  it.each([
    { headers: { 'x-amz-copy-source-if-match': ETAG }, status: 200 },
    { headers: { 'x-amz-copy-source-if-match': OTHER }, status: 412 },
    { headers: { 'x-amz-copy-source-if-none-match': ETAG }, status: 412 },
    { headers: { 'x-amz-copy-source-if-none-match': OTHER }, status: 200 },
    { headers: { 'x-amz-copy-source-if-modified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }, status: 200 },
    { headers: { 'x-amz-copy-source-if-modified-since': SOON }, status: 412 },
    { headers: { 'x-amz-copy-source-if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }, status: 412 },
  ])('under $headers gives $status', async ({ headers, status }) => {
    expect((await copy(`/${BUCKET}/source`, headers)).status).toBe(status)
  })

  it('over what is there is refused on request by local-s3 alone', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'taken', body: 'mine' })
    const { status } = await copy(`/${BUCKET}/source`, { 'if-none-match': '*' }, 'taken')
    expect(status).toBe(differs({ 'local-s3': 412, minio: 200 }))
  })
})
