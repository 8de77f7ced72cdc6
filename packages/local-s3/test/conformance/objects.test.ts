import { createHash } from 'node:crypto'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements, exchange, send, signedRequest } from './exchange.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

const KEPT = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-cache',
  'content-disposition': 'attachment; filename="a.txt"',
  'content-encoding': 'gzip',
  'content-language': 'de',
  expires: 'Wed, 21 Oct 2037 07:28:00 GMT',
}

describe('an object', () => {
  it('is answered with its ETag when it is put', async () => {
    const put = await exchange(endpoint, { method: 'PUT', key: 'etag', body: 'hello world' })
    expect(put).toMatchObject({ status: 200, text: '' })
    expect(put.headers).toMatchObject({
      etag: '"5eb63bbbe01eeed093cb22bb8f5acdc3"',
      'content-length': '0',
      'accept-ranges': 'bytes',
    })
  })

  it.each(['GET', 'HEAD'])('is described by %s', async (method) => {
    await exchange(endpoint, { method: 'PUT', key: 'described', body: 'hello world' })
    const { status, headers, text } = await exchange(endpoint, { method, key: 'described' })
    expect(status).toBe(200)
    expect(text).toBe(method === 'GET' ? 'hello world' : '')
    expect(headers).toMatchObject({
      etag: '"5eb63bbbe01eeed093cb22bb8f5acdc3"',
      'content-type': 'binary/octet-stream',
      'content-length': '11',
      'accept-ranges': 'bytes',
    })
    expect(headers['last-modified']).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
    expect(headers['x-amz-request-id']).toMatch(/^[0-9A-F]{16}$/)
    expect(headers['x-amz-version-id']).toBeUndefined()
  })

  it('may be empty', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'empty' })
    const { status, headers, text } = await exchange(endpoint, { key: 'empty' })
    expect({ status, text }).toEqual({ status: 200, text: '' })
    expect(headers).toMatchObject({
      'content-length': '0',
      etag: `"${createHash('md5').digest('hex')}"`,
    })
  })

  it('gives back the content headers it was put with', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'headers', body: 'x', headers: KEPT })
    expect((await exchange(endpoint, { method: 'HEAD', key: 'headers' })).headers).toMatchObject(KEPT)
    expect((await exchange(endpoint, { key: 'headers' })).headers).toMatchObject(KEPT)
  })

  it('loses them when it is replaced', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'replaced', body: 'x', headers: KEPT })
    await exchange(endpoint, { method: 'PUT', key: 'replaced', body: 'y' })
    const { headers } = await exchange(endpoint, { method: 'HEAD', key: 'replaced' })
    expect(headers['cache-control']).toBeUndefined()
    expect(headers['content-type']).toBe('binary/octet-stream')
  })

  it.each([
    { sent: 'gzip,aws-chunked', kept: 'gzip' },
    { sent: 'aws-chunked', kept: undefined },
  ])('keeps of Content-Encoding $sent what is about the object', async ({ sent, kept }) => {
    await exchange(endpoint, { method: 'PUT', key: 'enc', body: 'x', headers: { 'content-encoding': sent } })
    const { headers } = await exchange(endpoint, { method: 'HEAD', key: 'enc' })
    expect(headers['content-encoding']).toBe(kept)
  })

  it.each([
    { storageClass: 'STANDARD', status: 200 },
    { storageClass: 'REDUCED_REDUNDANCY', status: 200 },
    { storageClass: 'SLOW', status: 400 },
  ])('in storage class $storageClass is answered with $status', async ({ storageClass, status }) => {
    const headers = { 'x-amz-storage-class': storageClass }
    const put = await exchange(endpoint, { method: 'PUT', key: 'class', body: 'x', headers })
    expect(put.status).toBe(status)
    expect(put.code).toBe(status === 200 ? undefined : 'InvalidStorageClass')
  })

  it('is gone after it was deleted, which succeeds any number of times', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'deleted', body: 'x' })
    for (let time = 0; time < 2; time += 1) {
      const answer = await exchange(endpoint, { method: 'DELETE', key: 'deleted' })
      expect(answer).toMatchObject({ status: 204, text: '' })
    }
    expect((await exchange(endpoint, { method: 'HEAD', key: 'deleted' })).status).toBe(404)
  })

  it('ignores parameters that mean nothing', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'query', body: 'x' })
    for (const query of [{ foo: 'bar' }, { versionId: 'null' }, { 'a b': 'c+d' }])
      expect((await exchange(endpoint, { key: 'query', query })).text).toBe('x')
  })
})

describe('user metadata', () => {
  it('comes back by lower-case name, whatever its case was', async () => {
    const outgoing = signedRequest(endpoint, {
      method: 'PUT',
      key: 'meta',
      headers: {
        'x-amz-meta-camelcase': 'Value',
        'x-amz-meta-under_score': 'u',
        'x-amz-meta-two-words': 'a b',
      },
    })
    const { 'x-amz-meta-camelcase': value = '', ...headers } = outgoing.headers
    await send(endpoint, { ...outgoing, headers: { ...headers, 'X-Amz-Meta-CamelCase': value } })
    const head = await endpoint.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'meta' }))
    expect(head.Metadata).toEqual({ camelcase: 'Value', under_score: 'u', 'two-words': 'a b' })
  })

  it.each([
    { value: 'café ☃', back: '=?UTF-8?q?caf=C3=A9_=E2=98=83?=' },
    { value: 'plain = text_', back: 'plain = text_' },
    { value: '=?UTF-8?B?w6Q=?=', back: '=?UTF-8?B?w6Q=?=' },
    { value: '', back: '' },
  ])('gives $value back as $back', async ({ value, back }) => {
    const outgoing = signedRequest(endpoint, {
      method: 'PUT',
      key: 'meta-unicode',
      headers: { 'x-amz-meta-text': value },
    })
    // The bytes are UTF-8, of which Node wants each as a character
    const headers = { ...outgoing.headers, 'x-amz-meta-text': Buffer.from(value).toString('latin1') }
    expect((await send(endpoint, { ...outgoing, headers })).status).toBe(200)
    const head = await exchange(endpoint, { method: 'HEAD', key: 'meta-unicode' })
    expect(head.headers['x-amz-meta-text']).toBe(back)
  })

  it.each([
    { bytes: 2048, status: 200, code: undefined },
    { bytes: 2049, status: 400, code: 'MetadataTooLarge' },
    { bytes: 6000, status: 400, code: 'MetadataTooLarge' },
  ])('of $bytes bytes is answered with $status', async ({ bytes, status, code }) => {
    const name = 'x-amz-meta-a'
    const headers = { [name]: 'v'.repeat(bytes - name.length) }
    const put = await exchange(endpoint, { method: 'PUT', key: 'meta-large', headers })
    expect(put).toMatchObject({ status, code })
  })
})

describe('keys', () => {
  it.each([
    'a b',
    'a+b',
    'a%b',
    'a%2Fb',
    'é日本🎥',
    'a&b=c?d#e',
    'x<y>"\'z',
    'folder/',
    '/leading',
    'a\\b',
    'a:b|c*',
    "~!*()'",
    '...',
    'a/.../b',
    'a\nb',
    '\u0001\u007f',
    'k'.repeat(255),
    `${'k'.repeat(200)}/`.repeat(5),
  ])('may be %j', async (key) => {
    expect((await exchange(endpoint, { method: 'PUT', key, body: key })).status).toBe(200)
    expect(await exchange(endpoint, { key })).toMatchObject({ status: 200, text: key })
    const { Body } = await endpoint.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    expect(await Body?.transformToString()).toBe(key)
    expect((await exchange(endpoint, { method: 'DELETE', key })).status).toBe(204)
    expect((await exchange(endpoint, { method: 'HEAD', key })).status).toBe(404)
  })

  it('are told apart with and without a slash at the end, and above one another', async () => {
    const keys = ['tree', 'tree/', 'tree/leaf']
    for (const key of keys) await exchange(endpoint, { method: 'PUT', key, body: key })
    for (const key of keys) expect((await exchange(endpoint, { key })).text).toBe(key)
  })

  it.each(['a//b', '..', '.', 'a/..', 'a/../b', '../x', 'a/./b', 'k'.repeat(256)])(
    'that are no path of files are taken by local-s3 alone: %s',
    async (key) => {
      const put = await exchange(endpoint, { method: 'PUT', key, body: key })
      const get = await exchange(endpoint, { key })
      const status = differs({ 'local-s3': 200, minio: 400 })
      expect([put.status, get.status]).toEqual([status, status])
      expect(get.text.includes('<Code>XMinioInvalid')).toBe(status === 400)
    },
  )

  it('of more than 1024 bytes are refused', async () => {
    const put = await exchange(endpoint, { method: 'PUT', key: 'é'.repeat(513), body: 'x' })
    expect(put).toMatchObject({ status: 400, code: 'KeyTooLongError' })
  })
})

describe('what is not there', () => {
  it.each([
    { name: 'a key', path: `/${BUCKET}/nope`, code: 'NoSuchKey', key: ['nope'], bucket: [BUCKET] },
    {
      name: 'a bucket',
      path: '/no-such-bucket/k',
      code: 'NoSuchBucket',
      key: ['k'],
      bucket: ['no-such-bucket'],
    },
  ])('is told apart: $name', async ({ path, code, key, bucket }) => {
    const get = await exchange(endpoint, { path })
    expect(get).toMatchObject({ status: 404, code })
    expect(get.headers['content-type']).toBe('application/xml')
    expect(elements(get, 'Key')).toEqual(key)
    expect(elements(get, 'BucketName')).toEqual(bucket)
    expect(elements(get, 'Resource')).toEqual([path])
    expect(elements(get, 'RequestId')).toEqual([get.headers['x-amz-request-id']])
    const head = await exchange(endpoint, { method: 'HEAD', path })
    expect(head).toMatchObject({ status: 404, text: '' })
  })

  it('is what the SDK makes its own errors of', async () => {
    const target = { Bucket: BUCKET, Key: 'nope' }
    await expect(endpoint.s3.send(new GetObjectCommand(target))).rejects.toBeInstanceOf(NoSuchKey)
    await expect(endpoint.s3.send(new HeadObjectCommand(target))).rejects.toBeInstanceOf(NotFound)
    const nowhere = { Bucket: 'no-such-bucket', Key: 'nope' }
    await expect(endpoint.s3.send(new PutObjectCommand({ ...nowhere, Body: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    })
    await expect(endpoint.s3.send(new DeleteObjectCommand(nowhere))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    })
  })
})
