import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange, presignedRequest, send, signedRequest, type Answer, type Outgoing } from './exchange.ts'
import { sha256 } from './signature.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

const MINUTE_MS = 60_000

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
  await exchange(endpoint, { method: 'PUT', key: 'file', body: 'content' })
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

/** A request as it would be signed, and then changed. */
async function spoiled(change: (outgoing: Outgoing) => void): Promise<Answer> {
  const outgoing = signedRequest(endpoint, { key: 'file' })
  change(outgoing)
  return await send(endpoint, outgoing)
}

describe('a signature in the header', () => {
  it.each([
    { name: 'another secret', options: { secretKey: 'wrong' }, status: 403, code: 'SignatureDoesNotMatch' },
    { name: 'an unknown key', options: { accessKey: 'unknown' }, status: 403, code: 'InvalidAccessKeyId' },
    {
      name: 'a clock behind',
      options: { skewMs: -16 * MINUTE_MS },
      status: 403,
      code: 'RequestTimeTooSkewed',
    },
    { name: 'a clock ahead', options: { skewMs: 16 * MINUTE_MS }, status: 403, code: 'RequestTimeTooSkewed' },
    { name: 'a clock a little behind', options: { skewMs: -14 * MINUTE_MS }, status: 200, code: undefined },
    { name: 'a clock a little ahead', options: { skewMs: 14 * MINUTE_MS }, status: 200, code: undefined },
    { name: 'another region', options: { region: 'eu-west-1' }, status: 200, code: undefined },
    { name: 'an unsigned host', options: { unsignedHeaders: ['host'] }, status: 400, code: 'AccessDenied' },
    { name: 'an unsigned date', options: { unsignedHeaders: ['x-amz-date'] }, status: 200, code: undefined },
    {
      name: 'an unsigned hash',
      options: { unsignedHeaders: ['x-amz-content-sha256'] },
      status: 200,
      code: undefined,
    },
  ])('of $name is answered with $status', async ({ options, status, code }) => {
    expect(await exchange(endpoint, { key: 'file', ...options })).toMatchObject({ status, code })
  })

  it.each([
    { name: 'the path', change: (out: Outgoing) => void (out.target = `/${BUCKET}/other`) },
    { name: 'the query', change: (out: Outgoing) => void (out.target += '?x=y') },
    {
      name: 'the signature',
      change: ({ headers }: Outgoing) => {
        headers['authorization'] = headers['authorization']?.replace(/Signature=.*/, 'Signature=xyz') ?? ''
      },
    },
    {
      name: 'the date of the credential',
      change: ({ headers }: Outgoing) => {
        headers['authorization'] = headers['authorization']?.replace(/\/\d{8}\//, '/20200101/') ?? ''
      },
    },
  ])('does not survive a change of $name', async ({ change }) => {
    expect(await spoiled(change)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
  })

  it('may have its fields without spaces between them', async () => {
    const answer = await spoiled(({ headers }) => {
      headers['authorization'] = headers['authorization']?.replaceAll(', ', ',') ?? ''
    })
    expect(answer.status).toBe(200)
  })

  it('leaves Content-Type and the like alone', async () => {
    const outgoing = signedRequest(endpoint, { method: 'PUT', key: 'typed', body: 'x' })
    const headers = { ...outgoing.headers, 'content-type': 'text/plain' }
    expect((await send(endpoint, { ...outgoing, headers })).status).toBe(200)
    const head = await exchange(endpoint, { method: 'HEAD', key: 'typed' })
    expect(head.headers['content-type']).toBe('text/plain')
  })

  // AWS: all x-amz-* headers must be signed
  it('covers the metadata, in local-s3', async () => {
    const outgoing = signedRequest(endpoint, { method: 'PUT', key: 'slipped in', body: 'x' })
    const headers = { ...outgoing.headers, 'x-amz-meta-a': 'b' }
    const { status } = await send(endpoint, { ...outgoing, headers })
    expect(status).toBe(differs({ 'local-s3': 400, minio: 200 }))
  })

  // No client sends these. AWS has one code for all of them, MinIO has many
  it.each([
    { name: 'nothing', authorization: 'AWS4-HMAC-SHA256 ', minio: 400 },
    { name: 'a field twice', authorization: 'AWS4-HMAC-SHA256 Credential=a, Credential=b', minio: 400 },
    {
      name: 'another algorithm',
      authorization: 'AWS4-HMAC-SHA512 Credential=a, SignedHeaders=b, Signature=c',
      minio: 400,
    },
    { name: 'a password', authorization: 'Basic dTpw', minio: 400 },
    { name: 'a token', authorization: 'Bearer abc', minio: 403 },
    { name: 'an older version', authorization: 'AWS conformance:abc', minio: 403 },
  ])('is refused with $name in it', async ({ authorization, minio }) => {
    const answer = await spoiled(({ headers }) => {
      headers['authorization'] = authorization
    })
    expect(answer.status).toBe(differs({ 'local-s3': 400, minio }))
    expect(answer.text).toContain('<Error><Code>')
  })

  it('is missed where there is none', async () => {
    const denied = { status: 403, code: 'AccessDenied' }
    for (const target of ['/', `/${BUCKET}`, `/${BUCKET}/file`, '/no-such-bucket/file'])
      expect(
        await send(endpoint, { method: 'GET', target, headers: {}, body: Buffer.alloc(0) }),
      ).toMatchObject(denied)
    const put = { method: 'PUT', target: `/${BUCKET}/file`, headers: {}, body: Buffer.from('x') }
    expect(await send(endpoint, put)).toMatchObject(denied)
  })
})

describe('the hash of a body', () => {
  it.each([
    { name: 'true', payloadHash: sha256('body'), status: 200, code: undefined },
    {
      name: 'that of another body',
      payloadHash: sha256('else'),
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    },
    { name: 'none', payloadHash: 'garbage', status: 400, code: 'XAmzContentSHA256Mismatch' },
    { name: 'left out', payloadHash: 'UNSIGNED-PAYLOAD', status: 200, code: undefined },
  ])('that is $name is answered with $status', async ({ payloadHash, status, code }) => {
    const key = `hash ${payloadHash}`
    const put = await exchange(endpoint, { method: 'PUT', key, body: 'body', payloadHash })
    expect(put).toMatchObject({ status, code })
    expect((await exchange(endpoint, { method: 'HEAD', key })).status).toBe(status === 200 ? 200 : 404)
  })
})

describe('a presigned URL', () => {
  it('is a GET, HEAD, PUT or DELETE for whoever has it', async () => {
    const ask = (method: string, body = ''): Promise<Answer> =>
      send(endpoint, presignedRequest(endpoint, { method, key: 'presigned', body }))
    expect((await ask('PUT', 'by url')).status).toBe(200)
    expect((await ask('HEAD')).headers['content-length']).toBe('6')
    expect((await ask('GET')).text).toBe('by url')
    expect((await ask('DELETE')).status).toBe(204)
    expect((await ask('GET')).code).toBe('NoSuchKey')
  })

  it('works as the SDK makes it', async () => {
    const client = endpoint.client({ requestChecksumCalculation: 'WHEN_REQUIRED' })
    const target = { Bucket: BUCKET, Key: 'by the SDK ü+' }
    const put = await fetch(
      await getSignedUrl(client, new PutObjectCommand({ ...target, Metadata: { by: 'url' } })),
      {
        method: 'PUT',
        body: 'from a browser',
      },
    )
    expect(put.status).toBe(200)
    const head = await endpoint.s3.send(new HeadObjectCommand(target))
    expect(head.Metadata).toEqual({ by: 'url' })
    const get = await fetch(await getSignedUrl(client, new GetObjectCommand(target)), {
      headers: { range: 'bytes=0-3' },
    })
    expect([get.status, await get.text()]).toEqual([206, 'from'])
  })

  it.each([
    { name: 'another secret', options: { secretKey: 'wrong' }, status: 403, code: 'SignatureDoesNotMatch' },
    { name: 'an unknown key', options: { accessKey: 'unknown' }, status: 403, code: 'InvalidAccessKeyId' },
    { name: 'a time that is over', options: { skewMs: -301_000 }, status: 403, code: 'AccessDenied' },
    { name: 'a time to come', options: { skewMs: 16 * MINUTE_MS }, status: 403, code: 'AccessDenied' },
    { name: 'a clock a little ahead', options: { skewMs: 14 * MINUTE_MS }, status: 200, code: undefined },
    { name: 'an hour', options: { skewMs: -20 * MINUTE_MS, expires: 3600 }, status: 200, code: undefined },
    { name: 'no time', options: { expires: 0 }, status: 403, code: 'AccessDenied' },
    { name: 'a week', options: { expires: 604_800 }, status: 200, code: undefined },
    ...[-1, 604_801, 'abc'].map((expires) => ({
      name: `an expiry of ${expires}`,
      options: { expires },
      status: 400,
      code: 'AuthorizationQueryParametersError',
    })),
  ])('of $name is answered with $status', async ({ options, status, code }) => {
    const answer = await send(endpoint, presignedRequest(endpoint, { key: 'file', ...options }))
    expect(answer).toMatchObject({ status, code })
  })

  it.each([
    { name: 'the key', from: '/file?', to: '/other?' },
    { name: 'the expiry', from: 'Expires=300', to: 'Expires=3000' },
    { name: 'the query', from: /$/, to: '&response-content-type=text%2Fhtml' },
    { name: 'the operation', from: /$/, to: '&uploads=' },
  ])('does not survive a change of $name', async ({ from, to }) => {
    const outgoing = presignedRequest(endpoint, { key: 'file' })
    outgoing.target = outgoing.target.replace(from, to)
    expect(await send(endpoint, outgoing)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
  })

  it.each(['Signature', 'Date', 'Expires', 'SignedHeaders'])('is none without its %s', async (name) => {
    const outgoing = presignedRequest(endpoint, { key: 'file' })
    outgoing.target = outgoing.target.replace(new RegExp(`&X-Amz-${name}=[^&]*`), '')
    expect(await send(endpoint, outgoing)).toMatchObject({
      status: 400,
      code: 'AuthorizationQueryParametersError',
    })
  })

  it('is for one method', async () => {
    const outgoing = presignedRequest(endpoint, { key: 'file' })
    for (const method of ['PUT', 'DELETE', 'HEAD'])
      expect((await send(endpoint, { ...outgoing, method })).status).toBe(403)
  })

  it.each([
    { name: 'of the client', headers: { 'x-custom': '1', range: 'bytes=0-2' }, status: 206 },
    { name: 'that are covered anyway', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, status: 200 },
    { name: 'of S3', headers: { 'x-amz-meta-a': '1' }, status: 400 },
  ])('with added headers $name is answered with $status', async ({ headers, status }) => {
    const outgoing = presignedRequest(endpoint, { key: 'file' })
    const answer = await send(endpoint, { ...outgoing, headers: { ...outgoing.headers, ...headers } })
    expect(answer).toMatchObject({ status, code: status === 400 ? 'AccessDenied' : undefined })
  })

  it('wants the headers it was signed with', async () => {
    const outgoing = presignedRequest(endpoint, {
      method: 'PUT',
      key: 'typed by url',
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    })
    const { 'content-type': _, ...without } = outgoing.headers
    expect(await send(endpoint, { ...outgoing, headers: without })).toMatchObject({
      status: 400,
      code: 'AccessDenied',
    })
    const other = { ...outgoing.headers, 'content-type': 'text/html' }
    expect(await send(endpoint, { ...outgoing, headers: other })).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    })
    expect((await send(endpoint, outgoing)).status).toBe(200)
  })

  it.each([
    { hash: sha256('x'), status: 200, code: undefined },
    { hash: sha256('y'), status: 400, code: 'XAmzContentSHA256Mismatch' },
  ])('may carry the hash of its body: $status', async ({ hash, status, code }) => {
    const query = { 'X-Amz-Content-Sha256': hash }
    const put = await send(
      endpoint,
      presignedRequest(endpoint, { method: 'PUT', key: 'hashed', query, body: 'x' }),
    )
    expect(put).toMatchObject({ status, code })
  })

  it.each(['GET', 'HEAD'])('says how the answer to its %s is to be labelled', async (method) => {
    const query = {
      'response-content-type': 'text/html',
      'response-content-disposition': `attachment; filename="a b.mp4"; filename*=UTF-8''%C3%A4.mp4`,
      'response-cache-control': 'no-store',
      'response-content-language': 'fr',
      'response-content-encoding': 'identity',
      'response-expires': 'Wed, 21 Oct 2037 07:28:00 GMT',
    }
    const answer = await send(endpoint, presignedRequest(endpoint, { method, key: 'file', query }))
    expect(answer.status).toBe(200)
    for (const [name, value] of Object.entries(query))
      expect(answer.headers[name.slice('response-'.length)]).toBe(value)
  })

  it('does not label it with what no header can carry, in local-s3', async () => {
    for (const label of ['line\r\nSet-Cookie: a=b', 'snow ☃']) {
      const query = { 'response-content-disposition': label }
      const answer = await send(endpoint, presignedRequest(endpoint, { key: 'file', query }))
      expect(answer.status).toBe(differs({ 'local-s3': 400, minio: 200 }))
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
  })

  it('is refused beside an Authorization header', async () => {
    const outgoing = presignedRequest(endpoint, { key: 'file' })
    const headers = {
      ...outgoing.headers,
      authorization: signedRequest(endpoint, { key: 'file' }).headers['authorization'] ?? '',
    }
    expect((await send(endpoint, { ...outgoing, headers })).status).toBe(400)
  })
})
