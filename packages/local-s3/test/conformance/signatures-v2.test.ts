import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange, send, signedRequest, type Outgoing } from './exchange.ts'
import { presignedV2Request } from './signature-v2.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
  await exchange(endpoint, { method: 'PUT', key: 'file', body: 'content' })
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

/** As boto3 makes them where no signature version is configured. */
describe('a URL presigned with Signature Version 2', () => {
  it.each([
    { method: 'GET', status: 200, text: 'content' },
    { method: 'HEAD', status: 200, text: '' },
    { method: 'PUT', status: 200, text: '', key: 'put', body: 'x' },
    { method: 'DELETE', status: 204, text: '', key: 'put' },
  ])('allows a $method', async ({ status, text, key = 'file', ...rest }) => {
    expect(await send(endpoint, presignedV2Request(endpoint, { key, ...rest }))).toMatchObject({
      status,
      text,
    })
  })

  it('stores what was sent with it', async () => {
    const headers = {
      'content-type': 'text/plain',
      'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
      'x-amz-meta-b': 'two',
      'x-amz-meta-a': 'one',
    }
    const put = presignedV2Request(endpoint, { method: 'PUT', key: 'sent', headers, body: 'hello' })
    expect((await send(endpoint, put)).status).toBe(200)
    const answer = await exchange(endpoint, { key: 'sent' })
    expect(answer.text).toBe('hello')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain',
      'x-amz-meta-a': 'one',
      'x-amz-meta-b': 'two',
    })
  })

  it.each(['a b+c&d=e', 'ä/ö?ü', "(1)'*!~"])('is for the key %j', async (key) => {
    const put = presignedV2Request(endpoint, { method: 'PUT', key, body: 'x' })
    expect((await send(endpoint, put)).status).toBe(200)
    expect((await exchange(endpoint, { key })).text).toBe('x')
  })

  it('says how its answer is to be labelled', async () => {
    const query = {
      'response-content-type': 'text/html',
      'response-content-disposition': `attachment; filename="a b+c.mp4"`,
    }
    const answer = await send(endpoint, presignedV2Request(endpoint, { key: 'file', query }))
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': query['response-content-disposition'],
    })
  })

  it('reads a range, whose header is never signed', async () => {
    const { headers, ...rest } = presignedV2Request(endpoint, { key: 'file' })
    const answer = await send(endpoint, { ...rest, headers: { ...headers, range: 'bytes=0-2' } })
    expect(answer).toMatchObject({ status: 206, text: 'con' })
  })

  it('lists a bucket', async () => {
    const target = presignedV2Request(endpoint, { path: `/${BUCKET}` })
    target.target += '&prefix=fil&list-type=2'
    const answer = await send(endpoint, target)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<Key>file</Key>')
  })

  it.each([
    { name: 'another secret', options: { secretKey: 'wrong' }, code: 'SignatureDoesNotMatch', status: 403 },
    { name: 'an unknown key', options: { accessKey: 'unknown' }, code: 'InvalidAccessKeyId', status: 403 },
    { name: 'an end in the past', options: { skewMs: -301_000 }, code: 'AccessDenied', status: 403 },
    {
      name: 'an end that is no number',
      options: { expiresAt: 'soon' },
      code: 'AuthorizationQueryParametersError',
      status: 400,
    },
    {
      name: 'no end',
      options: { expiresAt: '' },
      code: 'AuthorizationQueryParametersError',
      status: 400,
    },
    { name: 'an end in ten years', options: { skewMs: 3.2e11 }, code: undefined, status: 200 },
  ])('of $name is answered with $status', async ({ options, code, status }) => {
    const answer = await send(endpoint, presignedV2Request(endpoint, { key: 'file', ...options }))
    expect(answer).toMatchObject({ status, code })
  })

  it.each([
    {
      name: 'the path',
      change: (out: Outgoing) => void (out.target = out.target.replace('/file', '/other')),
    },
    {
      name: 'its end',
      change: (out: Outgoing) =>
        void (out.target = out.target.replace(
          /Expires=(\d+)/,
          (_, at: string) => `Expires=${Number(at) + 1}`,
        )),
    },
    {
      name: 'the signature',
      change: (out: Outgoing) => void (out.target = out.target.replace(/Signature=[^&]*/, 'Signature=AAAA')),
    },
    { name: 'the labels', change: (out: Outgoing) => void (out.target += '&response-content-type=a%2Fb') },
    { name: 'the sub-resource', change: (out: Outgoing) => void (out.target += '&uploadId=x') },
    { name: 'the headers of S3', change: ({ headers }: Outgoing) => void (headers['x-amz-meta-a'] = '1') },
    { name: 'Content-Type', change: ({ headers }: Outgoing) => void (headers['content-type'] = 'a/b') },
    {
      name: 'Content-MD5',
      change: ({ headers }: Outgoing) => void (headers['content-md5'] = 'XUFAKrxLKna5cZ2REBfFkg=='),
    },
  ])('does not survive a change of $name', async ({ change }) => {
    const outgoing = presignedV2Request(endpoint, { key: 'file' })
    change(outgoing)
    expect(await send(endpoint, outgoing)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
  })

  it('allows nothing but its method', async () => {
    const outgoing = presignedV2Request(endpoint, { key: 'file' })
    for (const method of ['PUT', 'DELETE', 'HEAD'])
      expect((await send(endpoint, { ...outgoing, method })).status).toBe(403)
  })

  it('is not labelled anew by a parameter that is there twice', async () => {
    const query = { 'response-content-type': 'text/plain' }
    const outgoing = presignedV2Request(endpoint, { key: 'file', query })
    outgoing.target = outgoing.target.replace('?', '?response-content-type=text%2Fhtml&')
    expect((await send(endpoint, outgoing)).status).toBe(differs({ 'local-s3': 403, minio: 200 }))
  })

  it('may have parameters without a value, or with an ampersand in it, in local-s3', async () => {
    const bucket = presignedV2Request(endpoint, { path: `/${BUCKET}`, query: { location: '' } })
    expect((await send(endpoint, bucket)).status).toBe(200)
    bucket.target = bucket.target.replace('location=', 'location')
    expect((await send(endpoint, bucket)).status).toBe(differs({ 'local-s3': 200, minio: 400 }))
    const query = { 'response-content-disposition': 'attachment; filename="a&b"' }
    const answer = await send(endpoint, presignedV2Request(endpoint, { key: 'file', query }))
    expect(answer.status).toBe(differs({ 'local-s3': 200, minio: 403 }))
  })

  it('is refused without its signature', async () => {
    const outgoing = presignedV2Request(endpoint, { key: 'file' })
    outgoing.target = outgoing.target.replace(/&Signature=.*/, '')
    expect(await send(endpoint, outgoing)).toMatchObject({
      status: 400,
      code: 'AuthorizationQueryParametersError',
    })
  })

  it('is refused beside an Authorization header', async () => {
    const outgoing = presignedV2Request(endpoint, { key: 'file' })
    const { authorization = '' } = signedRequest(endpoint, { key: 'file' }).headers
    const answer = await send(endpoint, { ...outgoing, headers: { ...outgoing.headers, authorization } })
    expect(answer.status).toBe(400)
  })
})
