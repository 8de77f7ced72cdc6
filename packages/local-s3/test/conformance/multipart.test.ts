import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements, exchange, type Answer } from './exchange.ts'
import { OpenUpload } from './open-upload.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

/** The smallest that another part may follow. */
const BIG = Buffer.alloc(5 * 1024 * 1024, 'a')
const TAIL = 'tail'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

const etagOf = (part: string | Buffer): string => `"${createHash('md5').update(part).digest('hex')}"`

describe('an upload in parts', () => {
  it('is begun with an answer that names it', async () => {
    const answer = await exchange(endpoint, { method: 'POST', key: 'begun é', query: { uploads: '' } })
    expect(answer.status).toBe(200)
    expect(elements(answer, 'Bucket')).toEqual([BUCKET])
    expect(elements(answer, 'Key')).toEqual(['begun é'])
    expect(elements(answer, 'UploadId')[0]).toMatch(/^\S+$/)
  })

  it('becomes an object of what was last put under each number', async () => {
    const upload = await OpenUpload.create(endpoint, 'whole', {
      'content-type': 'video/mp4',
      'x-amz-meta-a': 'b',
    })
    expect((await upload.part(2, 'first try')).headers.etag).toBe(etagOf('first try'))
    expect((await upload.part(1, BIG)).headers.etag).toBe(etagOf(BIG))
    await upload.part(2, TAIL)
    expect((await exchange(endpoint, { key: 'whole' })).status).toBe(404)
    const answer = await upload.complete([
      [1, etagOf(BIG)],
      [2, etagOf(TAIL).slice(1, -1)],
    ])
    const digests = [BIG, Buffer.from(TAIL)].map((part) => createHash('md5').update(part).digest())
    const etag = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-2"`
    expect(answer.status).toBe(200)
    expect(answer.headers.etag).toBe(etag)
    expect(answer.text).toContain(
      '<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    )
    expect(elements(answer, 'ETag')).toEqual([etag])
    expect(elements(answer, 'Location')).toEqual([`${endpoint.url}/${BUCKET}/whole`])
    const head = await exchange(endpoint, { method: 'HEAD', key: 'whole' })
    expect(head.headers).toMatchObject({
      etag,
      'content-length': String(BIG.length + TAIL.length),
      'content-type': 'video/mp4',
      'x-amz-meta-a': 'b',
    })
    const range = `bytes=${BIG.length - 2}-${BIG.length + 1}`
    expect((await exchange(endpoint, { key: 'whole', headers: { range } })).text).toBe('aata')
    expect(await upload.complete([[2, etagOf(TAIL)]])).toMatchObject({ status: 404, code: 'NoSuchUpload' })
  })

  it('is read part by part', async () => {
    const upload = await OpenUpload.create(endpoint, 'by part')
    for (const [number, body] of [
      [1, BIG],
      [2, TAIL],
    ] as const)
      await upload.part(number, body)
    await upload.complete([
      [1, etagOf(BIG)],
      [2, etagOf(TAIL)],
    ])
    const part = await exchange(endpoint, { key: 'by part', query: { partNumber: '2' } })
    expect(part).toMatchObject({ status: 206, text: TAIL })
    expect(part.headers).toMatchObject({
      'content-range': `bytes ${BIG.length}-${BIG.length + 3}/${BIG.length + 4}`,
      'x-amz-mp-parts-count': '2',
    })
    const ask = (partNumber: string, headers: Record<string, string> = {}): Promise<Answer> =>
      exchange(endpoint, { key: 'by part', query: { partNumber }, headers })
    expect(await ask('3')).toMatchObject({ status: 416, code: 'InvalidPartNumber' })
    expect(await ask('10001')).toMatchObject({ status: 400, code: 'InvalidArgument' })
    expect((await ask('0')).status).toBe(400)
    expect(await ask('2', { range: 'bytes=0-1' })).toMatchObject({ status: 400, code: 'InvalidRequest' })
  })

  it('is no longer in parts when it is copied', async () => {
    const upload = await OpenUpload.create(endpoint, 'copied')
    await upload.part(1, TAIL)
    await upload.complete([[1, etagOf(TAIL)]])
    const headers = { 'x-amz-copy-source': `/${BUCKET}/copied` }
    const copy = await exchange(endpoint, { method: 'PUT', key: 'copy', headers })
    expect(copy.headers.etag).toBe(etagOf(TAIL))
    const part = await exchange(endpoint, { key: 'copy', query: { partNumber: '1' } })
    expect(part).toMatchObject({ status: 206, text: TAIL })
    expect(part.headers['x-amz-mp-parts-count']).toBeUndefined()
  })

  it('may leave out parts and numbers', async () => {
    const upload = await OpenUpload.create(endpoint, 'some')
    await upload.part(1, 'unused')
    await upload.part('007', TAIL)
    const { headers } = await upload.complete([[7, etagOf(TAIL)]])
    expect(headers.etag).toMatch(/^"[0-9a-f]{32}-1"$/)
    expect((await exchange(endpoint, { key: 'some' })).text).toBe(TAIL)
  })

  it('is refused where the list is not right, and goes on', async () => {
    const upload = await OpenUpload.create(endpoint, 'refused')
    for (const [number, body] of [
      [1, 'aaa'],
      [2, 'bbb'],
    ] as const)
      await upload.part(number, body)
    const one = [1, etagOf('aaa')] as const
    const two = [2, etagOf('bbb')] as const
    expect(await upload.complete([two, one])).toMatchObject({ status: 400, code: 'InvalidPartOrder' })
    expect(await upload.complete([one, [3, etagOf('bbb')]])).toMatchObject({
      status: 400,
      code: 'InvalidPart',
    })
    expect(await upload.complete([[1, etagOf('bbb')]])).toMatchObject({ status: 400, code: 'InvalidPart' })
    expect(await upload.complete([])).toMatchObject({ status: 400, code: 'InvalidRequest' })
    expect(await upload.request({ method: 'POST', body: 'garbage' })).toMatchObject({ status: 400 })
    expect(await upload.complete([one, two])).toMatchObject({ status: 400, code: 'EntityTooSmall' })
    expect((await exchange(endpoint, { key: 'refused' })).status).toBe(404)
    expect((await upload.complete([two])).status).toBe(200)
  })

  it.each([
    { condition: { 'if-none-match': '*' }, there: true, status: 412 },
    { condition: { 'if-none-match': '*' }, there: false, status: 200 },
    { condition: { 'if-match': '"00"' }, there: true, status: 412 },
    { condition: { 'if-match': etagOf('there') }, there: true, status: 200 },
    { condition: { 'if-match': '"00"' }, there: false, status: 404 },
  ])('is completed under $condition, there: $there, with $status', async ({ condition, there, status }) => {
    const key = `condition ${JSON.stringify(condition)} ${there}`
    const upload = await OpenUpload.create(endpoint, key)
    await upload.part(1, 'new')
    if (there) await exchange(endpoint, { method: 'PUT', key, body: 'there' })
    expect((await upload.complete([[1, etagOf('new')]], condition)).status).toBe(status)
    const kept = there ? 'there' : 'NoSuchKey'
    const now = await exchange(endpoint, { key })
    expect(now.code ?? now.text).toBe(status === 200 ? 'new' : kept)
  })

  it('lets one of many racing completions create the object', async () => {
    const uploads = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const upload = await OpenUpload.create(endpoint, 'raced')
        await upload.part(1, `contender ${at}`)
        return upload
      }),
    )
    const answers = await Promise.all(
      uploads.map((upload, at) =>
        upload.complete([[1, etagOf(`contender ${at}`)]], { 'if-none-match': '*' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 'PreconditionFailed')).toHaveLength(5)
    const winner = answers.findIndex(({ status }) => status === 200)
    expect((await exchange(endpoint, { key: 'raced' })).text).toBe(`contender ${winner}`)
  })

  it('is gone after it was aborted, which succeeds any number of times', async () => {
    const upload = await OpenUpload.create(endpoint, 'aborted')
    await upload.part(1, TAIL)
    for (let time = 0; time < 2; time += 1) expect((await upload.abort()).status).toBe(204)
    const gone = { status: 404, code: 'NoSuchUpload' }
    expect(await upload.part(1, TAIL)).toMatchObject(gone)
    expect(await upload.request({})).toMatchObject(gone)
    expect(await upload.complete([[1, etagOf(TAIL)]])).toMatchObject(gone)
  })

  it('belongs to its key', async () => {
    const upload = await OpenUpload.create(endpoint, 'own key')
    const answer = await upload.request({
      method: 'PUT',
      key: 'other key',
      query: { partNumber: '1' },
      body: 'x',
    })
    expect(answer).toMatchObject({ status: 404, code: 'NoSuchUpload' })
    expect((await upload.request({ method: 'DELETE', key: 'other key' })).status).toBe(204)
    expect((await upload.part(1, 'x')).status).toBe(200)
  })

  it('is not begun in a bucket that is not there', async () => {
    const wanted = { method: 'POST', path: '/no-such-bucket/x', query: { uploads: '' } }
    expect(await exchange(endpoint, wanted)).toMatchObject({ status: 404, code: 'NoSuchBucket' })
  })
})

describe('a part', () => {
  it.each([
    { number: 0, code: 'InvalidPart' },
    { number: -1, code: 'InvalidPart' },
    { number: 'abc', code: 'InvalidPart' },
    { number: '', code: 'InvalidPart' },
    { number: 10_001, code: 'InvalidArgument' },
  ])('has no number $number', async ({ number, code }) => {
    const upload = await OpenUpload.create(endpoint, 'numbers')
    expect(await upload.part(number, 'x')).toMatchObject({ status: 400, code })
  })

  it('is checked by what it declares', async () => {
    const upload = await OpenUpload.create(endpoint, 'digests')
    const md5 = (text: string): string => createHash('md5').update(text).digest('base64')
    expect(await upload.part(1, 'x', { 'content-md5': md5('y') })).toMatchObject({ code: 'BadDigest' })
    const wrong = { 'x-amz-checksum-crc32': 'AAAAAA==' }
    expect(await upload.part(1, 'x', wrong)).toMatchObject({ code: 'XAmzContentChecksumMismatch' })
    expect(elements(await upload.request({}), 'PartNumber')).toEqual([])
    expect((await upload.part(10_000, '')).status).toBe(200)
  })
})

describe('a part of another object', () => {
  beforeAll(async () => {
    await exchange(endpoint, { method: 'PUT', key: 'source é', body: 'hello world' })
  })
  const copyPart = (upload: OpenUpload, headers: Record<string, string> = {}): Promise<Answer> =>
    upload.part(1, '', { 'x-amz-copy-source': `/${BUCKET}/source%20%C3%A9`, ...headers })

  it.each([
    { range: undefined, text: 'hello world' },
    { range: 'bytes=6-10', text: 'world' },
    { range: 'bytes=0-0', text: 'h' },
  ])('is copied, $range', async ({ range, text }) => {
    const upload = await OpenUpload.create(endpoint, 'part copied')
    const answer = await copyPart(upload, range === undefined ? {} : { 'x-amz-copy-source-range': range })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<CopyPartResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')
    expect(elements(answer, 'ETag')).toEqual([etagOf(text)])
    await upload.complete([[1, etagOf(text)]])
    expect((await exchange(endpoint, { key: 'part copied' })).text).toBe(text)
  })

  it.each([
    { headers: { 'x-amz-copy-source-range': 'bytes=6-11' }, status: 400, code: 'InvalidArgument' },
    { headers: { 'x-amz-copy-source-range': 'bytes=6-' }, status: 400, code: 'InvalidArgument' },
    { headers: { 'x-amz-copy-source-range': 'bytes=-6' }, status: 400, code: 'InvalidArgument' },
    { headers: { 'x-amz-copy-source-range': 'bytes=6-5' }, status: 400, code: 'InvalidArgument' },
    { headers: { 'x-amz-copy-source': `/${BUCKET}/nope` }, status: 404, code: 'NoSuchKey' },
    { headers: { 'x-amz-copy-source-if-match': '"00"' }, status: 412, code: 'PreconditionFailed' },
  ])('is not copied under $headers', async ({ headers, status, code }) => {
    const upload = await OpenUpload.create(endpoint, 'part not copied')
    expect(await copyPart(upload, headers)).toMatchObject({ status, code })
    expect(elements(await upload.request({}), 'PartNumber')).toEqual([])
  })

  it('is not copied into an upload that is not there', async () => {
    const upload = await OpenUpload.create(endpoint, 'part aborted')
    await upload.abort()
    expect(await copyPart(upload)).toMatchObject({ status: 404, code: 'NoSuchUpload' })
  })
})

describe('the parts of an upload', () => {
  it('are listed in order and in pages', async () => {
    const upload = await OpenUpload.create(endpoint, 'listed parts')
    for (const number of [3, 1, 2]) await upload.part(number, `part ${number}`)
    const all = await upload.request({})
    expect(all.status).toBe(200)
    expect(elements(all, 'PartNumber')).toEqual(['1', '2', '3'])
    expect(elements(all, 'Size')).toEqual(['6', '6', '6'])
    expect(elements(all, 'ETag')).toEqual([1, 2, 3].map((number) => etagOf(`part ${number}`)))
    expect(elements(all, 'MaxParts')).toEqual(['10000'])
    expect(elements(all, 'IsTruncated')).toEqual(['false'])
    expect(elements(all, 'NextPartNumberMarker')).toEqual(['0'])
    expect(elements(all, 'StorageClass')).toEqual(['STANDARD'])
    const page = await upload.request({ query: { 'max-parts': '2' } })
    expect(elements(page, 'PartNumber')).toEqual(['1', '2'])
    expect(elements(page, 'IsTruncated')).toEqual(['true'])
    expect(elements(page, 'NextPartNumberMarker')).toEqual(['2'])
    const rest = await upload.request({ query: { 'part-number-marker': '2' } })
    expect(elements(rest, 'PartNumber')).toEqual(['3'])
  })

  it.each([{ 'max-parts': '-1' }, { 'part-number-marker': 'abc' }])(
    'are not listed under %o',
    async (query) => {
      const upload = await OpenUpload.create(endpoint, 'not listed')
      expect(await upload.request({ query })).toMatchObject({ status: 400, code: 'InvalidArgument' })
    },
  )
})

it('uploads under way are found by their key', async () => {
  const upload = await OpenUpload.create(endpoint, 'under/way')
  await OpenUpload.create(endpoint, 'under/way too')
  const listed = (query: Record<string, string>): Promise<Answer> =>
    exchange(endpoint, { path: `/${BUCKET}`, query: { uploads: '', ...query } })
  const own = await listed({ prefix: 'under/way' })
  expect(elements(own, 'UploadId')).toContain(upload.uploadId)
  // MinIO takes the prefix for a whole key
  expect(elements(await listed({ prefix: 'under/' }), 'Key')).toEqual(
    differs({ 'local-s3': ['under/way', 'under/way too'], minio: [] }),
  )
})

describe('checksums of an upload in parts', () => {
  const ELEMENT = 'ChecksumCRC32'
  const crcOf = (text: string | Buffer): string => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(crc32(text))
    return bytes.toString('base64')
  }
  const parts = [BIG, TAIL].map(
    (part, at) => [at + 1, etagOf(part), `<${ELEMENT}>${crcOf(part)}</${ELEMENT}>`] as const,
  )
  const begin = async (key: string, type: string): Promise<OpenUpload> => {
    const headers = { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': type }
    const upload = await OpenUpload.create(endpoint, key, headers)
    for (const [at, part] of [BIG, TAIL].entries())
      await upload.part(at + 1, part, { 'x-amz-checksum-crc32': crcOf(part) })
    return upload
  }

  it.each([
    { type: 'FULL_OBJECT', value: crcOf(Buffer.concat([BIG, Buffer.from(TAIL)])) },
    {
      type: 'COMPOSITE',
      value: `${crcOf(Buffer.concat([BIG, TAIL].map((part) => Buffer.from(crcOf(part), 'base64'))))}-2`,
    },
  ])('are of the type $type', async ({ type, value }) => {
    const upload = await begin(`checksum ${type}`, type)
    const both = { 'x-amz-checksum-crc32': value, 'x-amz-checksum-type': type }
    const done = await upload.complete(parts)
    expect(done.headers).toMatchObject(both)
    expect(elements(done, ELEMENT)).toEqual([value])
    const headers = { 'x-amz-checksum-mode': 'ENABLED' }
    const head = await exchange(endpoint, { method: 'HEAD', key: upload.key, headers })
    expect(head.headers).toMatchObject(both)
  })

  it('must be repeated at the end, rightly', async () => {
    const upload = await begin('repeated', 'COMPOSITE')
    const refused = { status: 400, code: 'InvalidPart' }
    const without = parts.map(([number, etag]) => [number, etag] as const)
    expect(await upload.complete(without)).toMatchObject(refused)
    const other = `<${ELEMENT}>${crcOf('else')}</${ELEMENT}>`
    const wrong = parts.map(([number, etag]) => [number, etag, other] as const)
    expect(await upload.complete(wrong)).toMatchObject(refused)
    expect((await upload.complete(parts)).status).toBe(200)
  })

  it.each(['SHA256', 'CRC64NVME'])('must come with each part: %s', async (algorithm) => {
    const headers = { 'x-amz-checksum-algorithm': algorithm }
    const upload = await OpenUpload.create(endpoint, `each ${algorithm}`, headers)
    const refused = { status: 400, code: 'InvalidArgument' }
    expect(await upload.part(1, TAIL)).toMatchObject(refused)
    expect(await upload.part(1, TAIL, { 'x-amz-checksum-crc32': crcOf(TAIL) })).toMatchObject(refused)
  })

  it.each([
    { 'x-amz-checksum-algorithm': 'FOO' },
    { 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-type': 'FULL_OBJECT' },
  ])('cannot be %o', async (headers) => {
    const wanted = { method: 'POST', key: 'no checksum', query: { uploads: '' }, headers: { ...headers } }
    expect(await exchange(endpoint, wanted)).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })

  it('that a copy asks for are computed', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'plain', body: TAIL })
    const headers = { 'x-amz-copy-source': `/${BUCKET}/plain`, 'x-amz-checksum-algorithm': 'CRC32' }
    const copy = await exchange(endpoint, { method: 'PUT', key: 'checked copy', headers })
    expect(copy.headers).toMatchObject({
      'x-amz-checksum-crc32': crcOf(TAIL),
      'x-amz-checksum-type': 'FULL_OBJECT',
    })
  })
})

describe('the SDK’s uploader', () => {
  it.each([
    { name: 'a stream, with what it checks by itself', calculation: 'WHEN_SUPPORTED' as const },
    { name: 'a stream, without checksums', calculation: 'WHEN_REQUIRED' as const },
  ])('takes $name', async ({ name, calculation }) => {
    const Key = `uploader: ${name}`
    const done = await new Upload({
      client: endpoint.client({ requestChecksumCalculation: calculation }),
      params: {
        Bucket: BUCKET,
        Key,
        Body: Readable.from([BIG, Buffer.from(TAIL)]),
        ContentType: 'video/mp4',
      },
    }).done()
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
    const head = await endpoint.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))
    expect(head).toMatchObject({ ETag: done.ETag, ContentLength: BIG.length + TAIL.length })
  })
})
