import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements, exchange, type Answer } from './exchange.ts'
import { ACCESS_KEY, BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
  for (const key of ['file', 'target']) await exchange(endpoint, { method: 'PUT', key, body: 'hello' })
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

const ask = (
  method: string,
  bucket: string,
  body = '',
  query: Record<string, string> = {},
): Promise<Answer> => exchange(endpoint, { method, path: `/${bucket}`, body, query })

describe('a bucket', () => {
  it('is created once, found, listed, and deleted when it is empty', async () => {
    const created = await ask('PUT', 'one-more')
    expect(created).toMatchObject({ status: 200, text: '' })
    expect(created.headers.location).toBe('/one-more')
    expect(await ask('PUT', 'one-more')).toMatchObject({ status: 409, code: 'BucketAlreadyOwnedByYou' })
    expect(await ask('HEAD', 'one-more')).toMatchObject({ status: 200, text: '' })
    const all = await ask('GET', '')
    expect(elements(all, 'Name')).toEqual([BUCKET, 'one-more'])
    expect(elements(all, 'CreationDate')[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    await exchange(endpoint, { method: 'PUT', path: '/one-more/k', body: 'x' })
    expect(await ask('DELETE', 'one-more')).toMatchObject({ status: 409, code: 'BucketNotEmpty' })
    await exchange(endpoint, { method: 'DELETE', path: '/one-more/k' })
    expect(await ask('DELETE', 'one-more')).toMatchObject({ status: 204, text: '' })
    expect((await ask('HEAD', 'one-more')).status).toBe(404)
    expect(await ask('DELETE', 'one-more')).toMatchObject({ status: 404, code: 'NoSuchBucket' })
  })

  it.each(['Upper_Case', 'ab', '192.168.1.1', 'a..b', '-dash', 'dash-', 'a'.repeat(64)])(
    'is not called %s',
    async (name) => {
      expect(await ask('PUT', name)).toMatchObject({ status: 400, code: 'InvalidBucketName' })
    },
  )

  it.each([
    {
      name: 'a region',
      body: '<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>',
      status: 200,
    },
    { name: 'garbage', body: 'garbage', status: 400 },
  ])('is created with $name: $status', async ({ body, status }) => {
    expect((await ask('PUT', 'configured', body)).status).toBe(status)
    expect((await ask('DELETE', 'configured')).status).toBe(status === 200 ? 204 : 404)
  })

  it('is where it is, and has no versions', async () => {
    const location = await ask('GET', BUCKET, '', { location: '' })
    expect(location.status).toBe(200)
    expect(location.text).toContain(
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>',
    )
    expect((await ask('GET', BUCKET, '', { versioning: '' })).status).toBe(200)
    expect(await ask('GET', 'no-such-bucket', '', { location: '' })).toMatchObject({ code: 'NoSuchBucket' })
  })

  it('has no CORS rules of its own, and takes none', async () => {
    const rules =
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>'
    expect(await ask('GET', BUCKET, '', { cors: '' })).toMatchObject({
      status: 404,
      code: 'NoSuchCORSConfiguration',
    })
    expect(await ask('PUT', BUCKET, rules, { cors: '' })).toMatchObject({
      status: 501,
      code: 'NotImplemented',
    })
  })
})

it('all that there is belongs to who asks', async () => {
  const all = await ask('GET', '')
  const [owner = ''] = elements(all, 'DisplayName')
  expect(owner).toBe(differs({ 'local-s3': ACCESS_KEY, minio: 'minio' }))
})

describe('what nobody offers', () => {
  it.each([
    { method: 'POST', path: `/${BUCKET}` },
    { method: 'PATCH', path: `/${BUCKET}` },
    { method: 'PATCH', path: `/${BUCKET}/file` },
    { method: 'POST', path: `/${BUCKET}/file` },
    { method: 'PUT', path: '/' },
    { method: 'POST', path: '/' },
    { method: 'DELETE', path: '/' },
  ])('is refused: $method $path', async ({ method, path }) => {
    expect(await exchange(endpoint, { method, path })).toMatchObject({ status: 400, code: 'BadRequest' })
  })

  it.each(['website', 'publicAccessBlock', 'ownershipControls', 'inventory', 'analytics'])(
    'leaves the bucket and its keys alone: ?%s',
    async (subresource) => {
      await ask('DELETE', BUCKET, '', { [subresource]: '' })
      expect((await exchange(endpoint, { key: 'file' })).text).toBe('hello')
    },
  )
})

describe('what MinIO offers beyond local-s3', () => {
  it.each([
    { method: 'GET', query: { acl: '' }, minio: 200 },
    { method: 'GET', query: { policy: '' }, minio: 404 },
    { method: 'GET', query: { lifecycle: '' }, minio: 404 },
    { method: 'GET', query: { tagging: '' }, minio: 404 },
    { method: 'GET', query: { encryption: '' }, minio: 404 },
    { method: 'GET', query: { versions: '' }, minio: 200 },
    { method: 'GET', query: { notification: '' }, minio: 200 },
    { method: 'GET', query: { 'object-lock': '' }, minio: 404 },
    { method: 'GET', query: { replication: '' }, minio: 404 },
  ])('is not pretended: $method $query of a bucket', async ({ method, query, minio }) => {
    expect((await ask(method, BUCKET, '', query)).status).toBe(differs({ 'local-s3': 501, minio }))
  })

  it.each([
    { method: 'GET', query: { acl: '' }, minio: 200 },
    { method: 'GET', query: { tagging: '' }, minio: 200 },
    { method: 'GET', query: { retention: '' }, minio: 400 },
    { method: 'GET', query: { versionId: 'abc' }, minio: 400 },
    { method: 'PUT', query: { partNumber: '1' }, minio: 200 },
  ])('is not pretended: $method $query of an object', async ({ method, query, minio }) => {
    const { status } = await exchange(endpoint, { method, key: 'target', query: { ...query } })
    expect(status).toBe(differs({ 'local-s3': 501, minio }))
  })

  it.each([
    {
      headers: {
        'x-amz-object-lock-mode': 'GOVERNANCE',
        'x-amz-object-lock-retain-until-date': '2090-01-01T00:00:00Z',
      },
      minio: 400,
    },
    { headers: { 'x-amz-object-lock-legal-hold': 'ON' }, minio: 400 },
    { headers: { 'x-amz-server-side-encryption': 'AES256' }, minio: 501 },
    { headers: { 'x-amz-server-side-encryption': 'aws:kms' }, minio: 501 },
  ])('is refused when it is put: $headers', async ({ headers, minio }) => {
    const put = await exchange(endpoint, {
      method: 'PUT',
      key: 'protected',
      body: 'x',
      headers: { ...headers },
    })
    expect(put.status).toBe(differs({ 'local-s3': 501, minio }))
    expect((await exchange(endpoint, { key: 'protected' })).status).toBe(404)
  })
})
