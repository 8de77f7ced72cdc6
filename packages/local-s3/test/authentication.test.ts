import { GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest } from './raw-request.ts'
import { readObject } from './read-object.ts'
import { ACCESS_KEY, BUCKET, SECRET_KEY, startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  for (const Key of ['file', 'other'])
    await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: `content of ${Key}` }))
})
afterAll(async () => server[Symbol.asyncDispose]())

const presign = (expiresIn = 60): Promise<string> =>
  getSignedUrl(server.s3, new GetObjectCommand({ Bucket: BUCKET, Key: 'file' }), { expiresIn })

describe('signatures in the header', () => {
  it.each([
    {
      name: 'another secret',
      config: { credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'wrong' } },
      error: 'SignatureDoesNotMatch',
      status: 403,
    },
    {
      name: 'an unknown access key',
      config: { credentials: { accessKeyId: 'UNKNOWN', secretAccessKey: SECRET_KEY } },
      error: 'InvalidAccessKeyId',
      status: 403,
    },
    {
      name: 'another region',
      config: { region: 'eu-west-1' },
      error: 'AuthorizationHeaderMalformed',
      status: 400,
    },
    {
      name: 'a clock 16 minutes behind',
      config: { systemClockOffset: -16 * 60_000 },
      error: 'RequestTimeTooSkewed',
      status: 403,
    },
    {
      name: 'a clock 16 minutes ahead',
      config: { systemClockOffset: 16 * 60_000 },
      error: 'RequestTimeTooSkewed',
      status: 403,
    },
  ])('with $name give $error', async ({ config, error, status }) => {
    // The first answer is what counts: an SDK would correct its clock and try again
    const client = server.client(config)
    await expect(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'file' }))).rejects.toMatchObject({
      name: error,
      $metadata: { httpStatusCode: status },
    })
  })

  it('are taken from a clock 14 minutes off', async () => {
    const client = server.client({ systemClockOffset: 14 * 60_000 })
    expect((await readObject(client, 'file')).toString()).toBe('content of file')
  })

  it.each([
    { name: 'none', authorization: undefined, code: 'AccessDenied' },
    { name: 'a password', authorization: 'Basic dTpw', code: 'InvalidRequest' },
    { name: 'an older version', authorization: `AWS ${ACCESS_KEY}:abc`, code: 'InvalidRequest' },
    {
      name: 'nothing behind the name',
      authorization: 'AWS4-HMAC-SHA256 ',
      code: 'AuthorizationHeaderMalformed',
    },
    {
      name: 'a field twice',
      authorization: 'AWS4-HMAC-SHA256 Credential=a, Credential=b',
      code: 'AuthorizationHeaderMalformed',
    },
  ])('refuses $name', async ({ authorization, code }) => {
    const response = await fetch(`${server.url}/${BUCKET}/file`, {
      headers: {
        'x-amz-date': '20260101T000000Z',
        'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
        ...(authorization !== undefined && { authorization }),
      },
    })
    const body = await response.text()
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThanOrEqual(403)
    expect(response.headers.get('content-type')).toBe('application/xml')
    expect(body).toContain(`<Code>${code}</Code>`)
    expect(body).toContain(`<Resource>/${BUCKET}/file</Resource>`)
    expect(body).toContain(`<RequestId>${response.headers.get('x-amz-request-id')}</RequestId>`)
  })
})

it('an upload by an HTML form, signed in a field of it, is refused as what is not supported', async () => {
  const body = new FormData()
  body.set('key', 'form')
  body.set('file', 'content')
  const response = await fetch(`${server.url}/${BUCKET}`, { method: 'POST', body })
  expect(response.status).toBe(501)
  expect(await response.text()).toContain('<Code>NotImplemented</Code>')
})

describe('presigned URLs', () => {
  it('give the object to anyone who has them, whole or in part', async () => {
    const url = await presign()
    const whole = await fetch(url)
    expect(await whole.text()).toBe('content of file')
    const part = await fetch(url, { headers: { range: 'bytes=0-6' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe('bytes 0-6/15')
    expect(await part.text()).toBe('content')
  })

  it('say how the answer is to be labelled', async () => {
    const disposition = `attachment; filename="a b.mp4"; filename*=UTF-8''%C3%A4.mp4`
    const url = await getSignedUrl(
      server.s3,
      new GetObjectCommand({
        Bucket: BUCKET,
        Key: 'file',
        ResponseContentDisposition: disposition,
        ResponseContentType: 'video/mp4',
      }),
      { expiresIn: 60 },
    )
    const response = await fetch(url)
    await response.arrayBuffer()
    expect(response.headers.get('content-disposition')).toBe(disposition)
    expect(response.headers.get('content-type')).toBe('video/mp4')
  })

  it.each(['line\r\nSet-Cookie: a=b', 'snow ☃'])(
    'never label it with what no header can carry',
    async (value) => {
      const url = await getSignedUrl(
        server.s3,
        new GetObjectCommand({ Bucket: BUCKET, Key: 'file', ResponseContentDisposition: value }),
        { expiresIn: 60 },
      )
      const response = await fetch(url)
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('<Code>InvalidArgument</Code>')
      expect(response.headers.get('set-cookie')).toBeNull()
    },
  )

  it('take an upload', async () => {
    const client = server.client({ requestChecksumCalculation: 'WHEN_REQUIRED' })
    const url = await getSignedUrl(
      client,
      new PutObjectCommand({ Bucket: BUCKET, Key: 'uploaded', Metadata: { by: 'url' } }),
      { expiresIn: 60 },
    )
    const response = await fetch(url, { method: 'PUT', body: 'from a browser' })
    expect(response.status).toBe(200)
    expect((await readObject(server.s3, 'uploaded')).toString()).toBe('from a browser')
  })

  it('end when they say, and not before', async () => {
    const start = Date.UTC(2026, 0, 1)
    let now = start
    await using own = await startTestServer({ clock: () => now })
    const client = own.client({ systemClockOffset: start - Date.now() })
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'file', Body: 'x' }))
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key: 'file' }), {
      expiresIn: 60,
      signingDate: new Date(start),
    })
    const statusAt = async (time: number): Promise<number> => {
      now = time
      const response = await fetch(url)
      await response.arrayBuffer()
      return response.status
    }
    expect(await statusAt(start + 60_000)).toBe(200)
    expect(await statusAt(start + 60_001)).toBe(403)
    // Made on a machine whose clock is a little ahead, or much
    expect(await statusAt(start - 14 * 60_000)).toBe(200)
    expect(await statusAt(start - 16 * 60_000)).toBe(403)
  })

  it.each([
    { name: 'a digit of the signature', change: (url: string) => swapDigit(url), status: 403 },
    { name: 'the key', change: (url: string) => url.replace('/file?', '/other?'), status: 403 },
    {
      name: 'the bucket',
      change: (url: string) => url.replace(`/${BUCKET}/`, '/other-bucket/'),
      status: 403,
    },
    { name: 'the expiry', change: (url: string) => url.replace('Expires=60', 'Expires=6000'), status: 403 },
    {
      name: 'the access key',
      change: (url: string) => url.replace(ACCESS_KEY, 'somebody-else'),
      status: 403,
    },
    {
      name: 'an added parameter',
      change: (url: string) => `${url}&response-content-type=text/html`,
      status: 403,
    },
    { name: 'an added subresource', change: (url: string) => `${url}&uploads`, status: 403 },
    {
      name: 'a missing signature',
      change: (url: string) => url.replace(/&X-Amz-Signature=[^&]*/, ''),
      status: 400,
    },
    { name: 'a missing date', change: (url: string) => url.replace(/&X-Amz-Date=[^&]*/, ''), status: 400 },
    {
      name: 'an expiry of more than a week',
      change: (url: string) => url.replace('Expires=60', 'Expires=604801'),
      status: 400,
    },
    {
      name: 'an expiry that is no number',
      change: (url: string) => url.replace('Expires=60', 'Expires=1e3x'),
      status: 400,
    },
    {
      name: 'an expiry in the past',
      change: (url: string) => url.replace('Expires=60', 'Expires=-60'),
      status: 400,
    },
  ])('are worthless after a change of $name', async ({ change, status }) => {
    const url = await presign()
    const changed = change(url)
    expect(changed).not.toBe(url)
    const response = await fetch(changed)
    expect(response.status).toBe(status)
    expect(await response.text()).not.toContain('content of')
  })

  it('are for one method, and leave no room for headers that were not signed', async () => {
    const url = await presign()
    for (const { init, status } of [
      { init: { method: 'DELETE' }, status: 403 },
      { init: { method: 'PUT', body: 'x' }, status: 403 },
      { init: { method: 'GET', headers: { 'x-amz-copy-source': `/${BUCKET}/other` } }, status: 400 },
    ]) {
      const response = await fetch(url, init)
      await response.arrayBuffer()
      expect(response.status).toBe(status)
    }
    expect((await readObject(server.s3, 'file')).toString()).toBe('content of file')
  })
})

function swapDigit(url: string): string {
  return url.replace(
    /(X-Amz-Signature=)(.)/,
    (_, name: string, digit: string) => name + (digit === '0' ? '1' : '0'),
  )
}

/** The worked examples of the documentation, byte for byte, with its well-known keys. */
describe('the examples of AWS', () => {
  let example: TestServer
  beforeAll(async () => {
    example = await startTestServer({
      accessKey: 'AKIAIOSFODNN7EXAMPLE',
      secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      buckets: ['examplebucket'],
      clock: () => Date.UTC(2013, 4, 24),
    })
  })
  afterAll(async () => example[Symbol.asyncDispose]())

  const CREDENTIAL = 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'
  const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  it('sign a list of keys and another of a range', async () => {
    const list = await rawRequest(
      example.url,
      `GET /?max-keys=2&prefix=J HTTP/1.1\r\nHost: examplebucket.s3.amazonaws.com\r\nConnection: close\r\n` +
        `x-amz-date: 20130524T000000Z\r\nx-amz-content-sha256: ${EMPTY_SHA256}\r\n` +
        `Authorization: ${CREDENTIAL},SignedHeaders=host;x-amz-content-sha256;x-amz-date,` +
        `Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7\r\n\r\n`,
    )
    expect(list).toMatch(/^HTTP\/1.1 200 /)
    const get = await rawRequest(
      example.url,
      `GET /test.txt HTTP/1.1\r\nHost: examplebucket.s3.amazonaws.com\r\nConnection: close\r\n` +
        `Range: bytes=0-9\r\nx-amz-date: 20130524T000000Z\r\nx-amz-content-sha256: ${EMPTY_SHA256}\r\n` +
        `Authorization: ${CREDENTIAL},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,` +
        `Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\r\n\r\n`,
    )
    // In path style, test.txt is a bucket, which is not there: what counts is that the signature is right
    expect(get).toContain('<Code>NoSuchBucket</Code>')
  })

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  it('presign a URL', async () => {
    const answer = await rawRequest(
      example.url,
      `GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request` +
        `&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host` +
        `&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\r\n` +
        `Host: examplebucket.s3.amazonaws.com\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toContain('<Code>NoSuchBucket</Code>')
  })

  const FIRST = 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'
  const SECOND = '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'
  const LAST = 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
  const upload = (first: string, second: string, last: string): Promise<string> =>
    rawRequest(
      example.url,
      `PUT /examplebucket/chunkObject.txt HTTP/1.1\r\nHost: s3.amazonaws.com\r\nConnection: close\r\n` +
        `x-amz-date: 20130524T000000Z\r\nx-amz-storage-class: REDUCED_REDUNDANCY\r\n` +
        `Authorization: ${CREDENTIAL},SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,` +
        `Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9\r\n` +
        `x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\nContent-Encoding: aws-chunked\r\n` +
        `x-amz-decoded-content-length: 66560\r\nContent-Length: 66824\r\n\r\n` +
        `10000;chunk-signature=${first}\r\n${'a'.repeat(65_536)}\r\n` +
        `400;chunk-signature=${second}\r\n${'a'.repeat(1024)}\r\n` +
        `0;chunk-signature=${last}\r\n\r\n`,
    )

  it('sign a body chunk by chunk', async () => {
    expect(await upload(FIRST, SECOND, LAST)).toMatch(/^HTTP\/1.1 200 /)
  })

  it.each([
    { name: 'first', signatures: [SECOND, SECOND, LAST] },
    { name: 'second', signatures: [FIRST, FIRST, LAST] },
    { name: 'closing', signatures: [FIRST, SECOND, SECOND] },
  ])(
    'refuse a wrong signature of the $name chunk',
    async ({ signatures: [first = '', second = '', last = ''] }) => {
      expect(await upload(first, second, last)).toContain('<Code>SignatureDoesNotMatch</Code>')
    },
  )

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
  const uploadWithTrailer = (checksum: string): Promise<string> => {
    const body =
      `10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n${'a'.repeat(65_536)}\r\n` +
      `400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n${'a'.repeat(1024)}\r\n` +
      `0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n` +
      `x-amz-checksum-crc32c:${checksum}\r\n` +
      `x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n`
    return rawRequest(
      example.url,
      `PUT /examplebucket/chunkObject.txt HTTP/1.1\r\nHost: s3.amazonaws.com\r\nConnection: close\r\n` +
        `x-amz-date: 20130524T000000Z\r\nx-amz-storage-class: REDUCED_REDUNDANCY\r\n` +
        `Authorization: ${CREDENTIAL},SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer,` +
        `Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e\r\n` +
        `x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER\r\nContent-Encoding: aws-chunked\r\n` +
        `x-amz-decoded-content-length: 66560\r\nx-amz-trailer: x-amz-checksum-crc32c\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  }

  it('sign a trailer', async () => {
    const answer = await uploadWithTrailer('sOO8/Q==')
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer).toContain('x-amz-checksum-crc32c: sOO8/Q==')
    expect(await uploadWithTrailer('AAAAAA==')).toContain('<Code>SignatureDoesNotMatch</Code>')
  })
})

describe('buckets of the account', () => {
  it('are listed for whoever holds the keys', async () => {
    const { Buckets } = await server.s3.send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual([BUCKET])
  })
})
