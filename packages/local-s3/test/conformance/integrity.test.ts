import { createHash, createHmac } from 'node:crypto'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import {
  ChecksumAlgorithm,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements, exchange, send, signedRequest, type Answer } from './exchange.ts'
import { sha256 } from './signature.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

const hash = (name: string, text: string): string => createHash(name).update(text).digest('base64')

function crcOf(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return bytes.toString('base64')
}

describe('Content-MD5', () => {
  it.each([
    { value: hash('md5', 'x'), status: 200, code: undefined },
    { value: hash('md5', 'y'), status: 400, code: 'BadDigest' },
    { value: 'garbage', status: 400, code: 'InvalidDigest' },
    { value: 'AAAA', status: 400, code: 'InvalidDigest' },
    { value: '', status: 400, code: 'InvalidDigest' },
  ])('of $value is answered with $status', async ({ value, status, code }) => {
    const key = `md5 ${value}`
    const put = await exchange(endpoint, { method: 'PUT', key, body: 'x', headers: { 'content-md5': value } })
    expect(put).toMatchObject({ status, code })
    expect((await exchange(endpoint, { method: 'HEAD', key })).status).toBe(status === 200 ? 200 : 404)
  })
})

/** Of `hello`. */
const CHECKSUMS = {
  crc32: crcOf('hello'),
  crc32c: 'mnG7TA==',
  crc64nvme: 'M3eFcAZSQlc=',
  sha1: hash('sha1', 'hello'),
  sha256: hash('sha256', 'hello'),
}

describe.each(Object.entries(CHECKSUMS))('a %s', (algorithm, value) => {
  const name = `x-amz-checksum-${algorithm}`

  it('is kept with the object and given back on request', async () => {
    const key = `checked by ${algorithm}`
    const put = await exchange(endpoint, { method: 'PUT', key, body: 'hello', headers: { [name]: value } })
    const both = { [name]: value, 'x-amz-checksum-type': 'FULL_OBJECT' }
    expect(put.status).toBe(200)
    expect(put.headers).toMatchObject(both)
    const headers = { 'x-amz-checksum-mode': 'ENABLED' }
    for (const method of ['GET', 'HEAD'])
      expect((await exchange(endpoint, { method, key, headers })).headers).toMatchObject(both)
    const ranged = await exchange(endpoint, { key, headers: { ...headers, range: 'bytes=0-1' } })
    for (const answer of [ranged, await exchange(endpoint, { key })]) {
      expect(answer.headers[name]).toBeUndefined()
      expect(answer.headers['x-amz-checksum-type']).toBeUndefined()
    }
  })

  it('goes along with a copy', async () => {
    const key = `copied by ${algorithm}`
    await exchange(endpoint, { method: 'PUT', key, body: 'hello', headers: { [name]: value } })
    const source = { 'x-amz-copy-source': `/${BUCKET}/${encodeURIComponent(key)}` }
    const copy = await exchange(endpoint, { method: 'PUT', key: `${key} to`, headers: source })
    expect(copy.headers[name]).toBe(value)
    const headers = { 'x-amz-checksum-mode': 'ENABLED' }
    expect((await exchange(endpoint, { method: 'HEAD', key: `${key} to`, headers })).headers[name]).toBe(
      value,
    )
  })

  it('that is wrong refuses the object', async () => {
    const wanted = { method: 'PUT', key: `wrong ${algorithm}`, body: 'other', headers: { [name]: value } }
    expect(await exchange(endpoint, wanted)).toMatchObject({
      status: 400,
      code: 'XAmzContentChecksumMismatch',
    })
    expect((await exchange(endpoint, { method: 'HEAD', key: wanted.key })).status).toBe(404)
  })

  it('that is none is refused', async () => {
    const wanted = { method: 'PUT', key: `no ${algorithm}`, body: 'hello', headers: { [name]: '!!!' } }
    expect(await exchange(endpoint, wanted)).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })
})

describe('checksums', () => {
  it('come one at a time', async () => {
    const headers = { 'x-amz-checksum-crc32': CHECKSUMS.crc32, 'x-amz-checksum-sha1': CHECKSUMS.sha1 }
    const put = await exchange(endpoint, { method: 'PUT', key: 'two', body: 'hello', headers })
    expect(put).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })

  it('are not asked for by x-amz-sdk-checksum-algorithm', async () => {
    for (const algorithm of ['CRC32', 'SHA1', 'FOO']) {
      const headers = { 'x-amz-sdk-checksum-algorithm': algorithm }
      const put = await exchange(endpoint, { method: 'PUT', key: 'named', body: 'hello', headers })
      expect(put.status).toBe(200)
    }
  })

  it('are in no listing', async () => {
    const headers = { 'x-amz-checksum-crc32': CHECKSUMS.crc32 }
    await exchange(endpoint, { method: 'PUT', key: 'listed', body: 'hello', headers })
    const listed = await exchange(endpoint, {
      path: `/${BUCKET}`,
      query: { 'list-type': '2', prefix: 'listed' },
    })
    expect(elements(listed, 'Key')).toEqual(['listed'])
    expect(elements(listed, 'ChecksumAlgorithm')).toEqual([])
  })

  it.each(Object.values(ChecksumAlgorithm).filter((algorithm) => algorithm.toLowerCase() in CHECKSUMS))(
    'of the SDK are checked on both ways: %s',
    async (algorithm) => {
      const Key = `sdk ${algorithm}`
      const input: PutObjectCommandInput = { Bucket: BUCKET, Key, ChecksumAlgorithm: algorithm }
      for (const Body of ['hello', Readable.from([Buffer.from('hel'), Buffer.from('lo')])]) {
        await endpoint.s3.send(new PutObjectCommand({ ...input, Body, ContentLength: 5 }))
        const got = await endpoint.s3.send(
          new GetObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' }),
        )
        expect(await got.Body?.transformToString()).toBe('hello')
        expect(got).toHaveProperty(`Checksum${algorithm}`)
      }
    },
  )
})

interface Chunked {
  readonly signed: boolean
  readonly trailer?: readonly [name: string, value: string | undefined]
  /** Index of a chunk whose signature is spoiled. */
  readonly badChunk?: number
  readonly badTrailerSignature?: boolean
  readonly announced?: number
  /** Leaves out the empty line at the end. */
  readonly isOpen?: boolean
}

const DATA = 'hello chunked'

/** A put in the `aws-chunked` framing, which the chunks' signatures make a chain. */
async function putChunked(key: string, options: Chunked): Promise<Answer> {
  const { signed, trailer, announced = DATA.length } = options
  const kind = signed ? `AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}` : 'UNSIGNED-PAYLOAD-TRAILER'
  const outgoing = signedRequest(endpoint, {
    method: 'PUT',
    key,
    payloadHash: `STREAMING-${kind}`,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(announced),
      ...(trailer && { 'x-amz-trailer': trailer[0] }),
    },
  })
  const { timestamp, scope, signingKey } = outgoing.seed
  let previous = outgoing.seed.signature
  const next = (algorithm: string, ...hashes: string[]): string => {
    const text = [algorithm, timestamp, scope, previous, ...hashes].join('\n')
    previous = createHmac('sha256', signingKey).update(text).digest('hex')
    return previous
  }
  let body = ''
  for (const [at, chunk] of [DATA.slice(0, 5), DATA.slice(5), ''].entries()) {
    const signature = next('AWS4-HMAC-SHA256-PAYLOAD', sha256(''), sha256(chunk))
    const sent = options.badChunk === at ? '0'.repeat(64) : signature
    body += `${chunk.length.toString(16)}${signed ? `;chunk-signature=${sent}` : ''}\r\n`
    if (chunk !== '') body += `${chunk}\r\n`
  }
  if (trailer?.[1] !== undefined) body += `${trailer[0]}:${trailer[1]}\r\n`
  if (signed && trailer) {
    const signature = next('AWS4-HMAC-SHA256-TRAILER', sha256(`${trailer[0]}:${trailer[1]}\n`))
    body += `x-amz-trailer-signature:${options.badTrailerSignature === true ? '0'.repeat(64) : signature}\r\n`
  }
  if (options.isOpen !== true) body += '\r\n'
  return await send(endpoint, { ...outgoing, body: Buffer.from(body) })
}

describe('a body in chunks', () => {
  const crc = ['x-amz-checksum-crc32', crcOf(DATA)] as const
  const wrong = ['x-amz-checksum-crc32', crcOf('else')] as const

  it.each([
    { name: 'signed', options: { signed: true } },
    { name: 'signed, with a signed trailer', options: { signed: true, trailer: crc } },
    { name: 'unsigned, with a trailer', options: { signed: false, trailer: crc } },
  ])('is taken apart: $name', async ({ name, options }) => {
    expect((await putChunked(name, options)).status).toBe(200)
    const get = await exchange(endpoint, { key: name })
    expect(get.text).toBe(DATA)
    expect(get.headers['content-encoding']).toBeUndefined()
  })

  it.each([
    {
      name: 'first signature',
      options: { signed: true, badChunk: 0 },
      status: 403,
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'second signature',
      options: { signed: true, badChunk: 1 },
      status: 403,
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'last signature',
      options: { signed: true, badChunk: 2 },
      status: 403,
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'signature of the trailer',
      options: { signed: true, trailer: crc, badTrailerSignature: true },
      status: 403,
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'checksum',
      options: { signed: false, trailer: wrong },
      status: 400,
      code: 'XAmzContentChecksumMismatch',
    },
    {
      name: 'signed checksum',
      options: { signed: true, trailer: wrong },
      status: 400,
      code: 'XAmzContentChecksumMismatch',
    },
    {
      name: 'form of the checksum',
      options: { signed: false, trailer: ['x-amz-checksum-crc32', '!!'] as const },
      status: 400,
      code: 'XAmzContentChecksumMismatch',
    },
    {
      name: 'length, which is more',
      options: { signed: true, announced: 5 },
      status: 400,
      code: 'ExcessData',
    },
    {
      name: 'length, which is less',
      options: { signed: true, announced: 50 },
      status: 400,
      code: 'IncompleteBody',
    },
    {
      name: 'absence of the checksum',
      options: { signed: false, trailer: ['x-amz-checksum-crc32', undefined] as const },
      status: 400,
      code: differs({ 'local-s3': 'MalformedTrailerError', minio: 'BadRequest' }),
    },
    {
      name: 'end',
      options: { signed: false, trailer: crc, isOpen: true },
      status: 400,
      code: differs({ 'local-s3': 'IncompleteBody', minio: 'BadRequest' }),
    },
  ])('is refused for its $name, and nothing is kept', async ({ name, options, status, code }) => {
    expect(await putChunked(name, options)).toMatchObject({ status, code })
    expect((await exchange(endpoint, { method: 'HEAD', key: name })).status).toBe(404)
  })
})
