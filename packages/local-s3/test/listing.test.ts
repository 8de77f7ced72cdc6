import {
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'

const KEYS = ['a/1', 'a/2', 'b/c/1', 'b/c/2', 'odd/ä b+c&d=(1)%41.txt', 'top', '\uFFFD', '\u{1F3A5}']

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  for (const Key of KEYS) await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }))
})
afterAll(async () => server[Symbol.asyncDispose]())

describe('ListObjectsV2', () => {
  it('lists keys in the order of their UTF-8 bytes, with size, time and ETag', async () => {
    const list = await server.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
    expect(list.Contents?.map(({ Key }) => Key)).toEqual(KEYS)
    expect(list.Contents?.[0]).toMatchObject({ Size: 1, ETag: '"9dd4e461268c8034f5c8564e155c67a6"' })
    expect(list.Contents?.[0]?.LastModified).toBeInstanceOf(Date)
    expect(list.KeyCount).toBe(KEYS.length)
  })

  it.each([1, 2, 3, 100])('pages through all keys, %i at a time', async (pageSize) => {
    const keys: Array<string | undefined> = []
    let pages = 0
    for await (const page of paginateListObjectsV2({ client: server.s3, pageSize }, { Bucket: BUCKET })) {
      pages += 1
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
    }
    expect(keys).toEqual(KEYS)
    expect(pages).toBe(Math.ceil(KEYS.length / pageSize))
  })

  it.each([1, 2, 100])('rolls up what is behind a delimiter, %i at a time', async (pageSize) => {
    const found: Array<string | undefined> = []
    for await (const page of paginateListObjectsV2(
      { client: server.s3, pageSize },
      { Bucket: BUCKET, Delimiter: '/' },
    )) {
      found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix))
      found.push(...(page.Contents ?? []).map(({ Key }) => Key))
    }
    expect(found).toEqual(['a/', 'b/', 'odd/', 'top', '\uFFFD', '\u{1F3A5}'])
  })

  it('combines prefix, delimiter and start-after', async () => {
    const deeper = await server.s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'b/', Delimiter: '/' }),
    )
    expect(deeper.CommonPrefixes).toEqual([{ Prefix: 'b/c/' }])
    const after = await server.s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'b/', StartAfter: 'b/c/1' }),
    )
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['b/c/2'])
  })

  it('escapes names on request', async () => {
    const list = await server.s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'odd/', EncodingType: 'url' }),
    )
    expect(list.Contents?.map(({ Key }) => Key)).toEqual(['odd/%C3%A4+b%2Bc%26d%3D%281%29%2541.txt'])
  })

  it('answers max-keys=0 with an empty, final page', async () => {
    const list = await server.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 0 }))
    expect(list).toMatchObject({ KeyCount: 0, IsTruncated: false })
  })

  it.each([
    { name: 'a made-up continuation token', wanted: { ContinuationToken: '???' } },
    { name: 'a negative page size', wanted: { MaxKeys: -1 } },
  ])('refuses $name', async ({ wanted }) => {
    await expect(
      server.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, ...wanted })),
    ).rejects.toMatchObject({ name: 'InvalidArgument' })
  })
})

describe('ListObjects', () => {
  it('goes on from NextMarker with a delimiter, from the last key without', async () => {
    const first = await server.s3.send(new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', MaxKeys: 2 }))
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/' })
    const second = await server.s3.send(
      new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', Marker: first.NextMarker }),
    )
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'odd/' }])
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(KEYS.slice(5))
    const plain = await server.s3.send(new ListObjectsCommand({ Bucket: BUCKET, Marker: KEYS[5] }))
    expect(plain.Contents?.map(({ Key }) => Key)).toEqual(KEYS.slice(6))
  })
})
