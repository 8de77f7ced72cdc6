import { createHash } from 'node:crypto'
import {
  DeleteObjectsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  type DeleteObjectsCommandOutput,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements, exchange, type Answer } from './exchange.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

/** In the order of their UTF-8 bytes. */
const KEYS = [
  'a/1',
  'a/2',
  'b',
  'c/x/1',
  'c/y',
  'd e+f%g&h',
  'tilde~',
  'x<y>&"\'',
  'z/',
  'é',
  'ｚ',
  '🎥',
] as const
const OTHER_BUCKET = 'many-keys'
const MANY = Array.from({ length: 1005 }, (_, at) => `key ${String(at).padStart(5, '0')}`)

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
  for (const key of KEYS.toReversed()) await exchange(endpoint, { method: 'PUT', key, body: key })
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

const list = (query: Record<string, string>, path = `/${BUCKET}`): Promise<Answer> =>
  exchange(endpoint, { path, query })

const prefixesOf = ({ text }: Answer): string[] =>
  [...text.matchAll(/<CommonPrefixes><Prefix>([^<]*)</g)].map(([, prefix = '']) => prefix)

describe.each([
  { version: 2, base: { 'list-type': '2' }, after: 'start-after' },
  { version: 1, base: {}, after: 'marker' },
])('a listing of version $version', ({ version, base, after }) => {
  it('names all keys in the order of their bytes', async () => {
    const answer = await list(base)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/xml')
    expect(answer.text).toContain('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')
    expect(elements(answer, 'Key')).toEqual(KEYS)
    expect(elements(answer, 'Name')).toEqual([BUCKET])
    expect(elements(answer, 'MaxKeys')).toEqual(['1000'])
    expect(elements(answer, 'IsTruncated')).toEqual(['false'])
    expect(elements(answer, 'Prefix')).toEqual([''])
    expect(elements(answer, 'Delimiter')).toEqual([])
    expect(elements(answer, 'KeyCount')).toEqual(version === 2 ? ['12'] : [])
    expect(elements(answer, 'Marker')).toEqual(version === 2 ? [] : [''])
    expect(elements(answer, 'ETag')[0]).toBe(`"${createHash('md5').update('a/1').digest('hex')}"`)
    expect(elements(answer, 'Size')[0]).toBe('3')
    expect(elements(answer, 'StorageClass')[0]).toBe('STANDARD')
    expect(elements(answer, 'LastModified')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it.each([
    { query: { prefix: 'a/' }, keys: ['a/1', 'a/2'], prefixes: [] },
    { query: { prefix: 'a' }, keys: ['a/1', 'a/2'], prefixes: [] },
    { query: { prefix: 'nope' }, keys: [], prefixes: [] },
    { query: { prefix: 'x<y>&' }, keys: ['x<y>&"\''], prefixes: [] },
    {
      query: { delimiter: '/' },
      keys: ['b', 'd e+f%g&h', 'tilde~', 'x<y>&"\'', 'é', 'ｚ', '🎥'],
      prefixes: ['a/', 'c/', 'z/'],
    },
    { query: { delimiter: '/', prefix: 'a' }, keys: [], prefixes: ['a/'] },
    { query: { delimiter: '/', prefix: 'a/' }, keys: ['a/1', 'a/2'], prefixes: [] },
    { query: { delimiter: '/', prefix: 'c/' }, keys: ['c/y'], prefixes: ['c/x/'] },
    { query: { delimiter: '/', prefix: 'z/' }, keys: ['z/'], prefixes: [] },
    { query: { delimiter: '', prefix: '' }, keys: KEYS, prefixes: [] },
    { query: { [after]: 'b' }, keys: KEYS.slice(3), prefixes: [] },
    { query: { [after]: 'a/1' }, keys: KEYS.slice(1), prefixes: [] },
    { query: { [after]: 'a' }, keys: KEYS, prefixes: [] },
    { query: { [after]: 'zzzz' }, keys: KEYS.slice(9), prefixes: [] },
    {
      query: { [after]: 'a/', delimiter: '/' },
      keys: ['b', 'd e+f%g&h', 'tilde~', 'x<y>&"\'', 'é', 'ｚ', '🎥'],
      prefixes: ['c/', 'z/'],
    },
  ])('under $query', async ({ query, keys, prefixes }) => {
    const answer = await list({ ...base, ...query })
    expect(elements(answer, 'Key')).toEqual(keys)
    expect(prefixesOf(answer)).toEqual(prefixes)
  })

  it.each([
    { asked: '0', keys: 0, truncated: 'false' },
    { asked: '1', keys: 1, truncated: 'true' },
    { asked: '12', keys: 12, truncated: 'false' },
    { asked: '5000', keys: 12, truncated: 'false' },
    { asked: '99999999999', keys: 12, truncated: 'false' },
  ])('with max-keys=$asked has $keys keys', async ({ asked, keys, truncated }) => {
    const answer = await list({ ...base, 'max-keys': asked })
    expect(elements(answer, 'Key')).toEqual(KEYS.slice(0, keys))
    expect(elements(answer, 'MaxKeys')).toEqual([asked])
    expect(elements(answer, 'IsTruncated')).toEqual([truncated])
  })

  it.each([{ 'max-keys': '-1' }, { 'max-keys': 'abc' }, { 'encoding-type': 'base64' }])(
    'with %o is refused',
    async (query) => {
      const answer = await list({ ...base, ...query })
      expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' })
    },
  )

  it('escapes names as forms do, but for their slashes, on request', async () => {
    const answer = await list({ ...base, 'encoding-type': 'url' })
    expect(elements(answer, 'EncodingType')).toEqual(['url'])
    expect(elements(answer, 'Key')).toEqual([
      'a/1',
      'a/2',
      'b',
      'c/x/1',
      'c/y',
      'd+e%2Bf%25g%26h',
      'tilde%7E',
      'x%3Cy%3E%26%22%27',
      'z/',
      '%C3%A9',
      '%EF%BD%9A',
      '%F0%9F%8E%A5',
    ])
    const some = await list({
      ...base,
      'encoding-type': 'url',
      prefix: 'd e',
      delimiter: ' ',
      [after]: 'd e',
    })
    expect(elements(some, 'Delimiter')).toEqual(['+'])
    expect(elements(some, 'Prefix')).toEqual(['d+e'])
    expect(elements(some, version === 2 ? 'StartAfter' : 'Marker')).toEqual(['d+e'])
  })

  it('of a bucket that is not there is refused', async () => {
    expect(await list(base, '/no-such-bucket')).toMatchObject({ status: 404, code: 'NoSuchBucket' })
  })
})

describe('going through pages', () => {
  it.each([1, 2, 100])('of version 2, %i at a time, brings each key and prefix once', async (pageSize) => {
    const seen: string[] = []
    const pages = paginateListObjectsV2({ client: endpoint.s3, pageSize }, { Bucket: BUCKET, Delimiter: '/' })
    for await (const { Contents = [], CommonPrefixes = [], KeyCount } of pages) {
      expect(KeyCount).toBe(Contents.length + CommonPrefixes.length)
      seen.push(...Contents.map(({ Key = '' }) => Key), ...CommonPrefixes.map(({ Prefix = '' }) => Prefix))
    }
    expect(seen.toSorted()).toEqual(
      ['a/', 'b', 'c/', 'd e+f%g&h', 'tilde~', 'x<y>&"\'', 'z/', 'é', 'ｚ', '🎥'].toSorted(),
    )
  })

  it('ends, in local-s3, with the last page that has something on it', async () => {
    const sizes: number[] = []
    const pages = paginateListObjectsV2({ client: endpoint.s3, pageSize: 4 }, { Bucket: BUCKET })
    for await (const { Contents = [] } of pages) sizes.push(Contents.length)
    expect(sizes).toEqual(differs({ 'local-s3': [4, 4, 4], minio: [4, 4, 4, 0] }))
  })

  it('of version 1 by marker brings each key and prefix once', async () => {
    const seen: string[] = []
    let Marker: string | undefined = ''
    while (Marker !== undefined) {
      const page: { NextMarker?: string | undefined; names: string[] } = await endpoint.s3
        .send(new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', MaxKeys: 3, Marker }))
        .then(({ Contents = [], CommonPrefixes = [], NextMarker }) => ({
          NextMarker,
          names: [...Contents.map(({ Key = '' }) => Key), ...CommonPrefixes.map(({ Prefix = '' }) => Prefix)],
        }))
      seen.push(...page.names)
      Marker = page.NextMarker
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(10)
  })

  it('of version 1 has a NextMarker, whether or not there is a delimiter', async () => {
    const [marker = ''] = elements(await list({ 'max-keys': '1' }), 'NextMarker')
    // MinIO puts notes of its own behind the key
    expect(marker).toMatch(differs({ 'local-s3': /^a\/1$/, minio: /^a\/1\[minio_cache/ }))
    expect(elements(await list({ marker, 'max-keys': '1' }), 'Key')).toEqual(['a/2'])
  })

  it.each([
    { name: 'an empty token', token: '' },
    { name: 'one that is none', token: 'garbage' },
  ])('by $name is refused', async ({ token }) => {
    const answer = await list({ 'list-type': '2', 'continuation-token': token })
    expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })

  it('prefers a token to start-after', async () => {
    const first = await list({ 'list-type': '2', 'max-keys': '1' })
    const [token = ''] = elements(first, 'NextContinuationToken')
    const next = await list({ 'list-type': '2', 'continuation-token': token, 'start-after': 'z' })
    expect(elements(next, 'Key')).toEqual(KEYS.slice(1))
    expect(elements(next, 'ContinuationToken')).toEqual([token])
  })
})

it('tells the owner where version 2 is asked for it', async () => {
  const { s3 } = endpoint
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 1 }))
  expect(listed.Contents?.[0]?.Owner).toBeUndefined()
  const owned = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 1, FetchOwner: true }))
  expect(owned.Contents?.[0]?.Owner?.ID).toBeTruthy()
})

describe('more than a thousand keys', () => {
  beforeAll(async () => {
    await exchange(endpoint, { method: 'PUT', path: `/${OTHER_BUCKET}` })
    const waiting = [...MANY]
    const worker = async (): Promise<void> => {
      for (let key = waiting.pop(); key !== undefined; key = waiting.pop())
        await exchange(endpoint, { method: 'PUT', path: `/${OTHER_BUCKET}/${key}` })
    }
    await Promise.all(Array.from({ length: 24 }, worker))
  })

  it('are listed a thousand at a time and deleted a thousand at a time', async () => {
    const { s3 } = endpoint
    const first = await s3.send(new ListObjectsV2Command({ Bucket: OTHER_BUCKET, MaxKeys: 5000 }))
    expect(first).toMatchObject({ KeyCount: 1000, MaxKeys: 5000, IsTruncated: true })
    const rest = await s3.send(
      new ListObjectsV2Command({ Bucket: OTHER_BUCKET, ContinuationToken: first.NextContinuationToken }),
    )
    expect(rest).toMatchObject({ KeyCount: 5, IsTruncated: false })
    const remove = (keys: readonly string[], Quiet: boolean): Promise<DeleteObjectsCommandOutput> =>
      s3.send(
        new DeleteObjectsCommand({
          Bucket: OTHER_BUCKET,
          Delete: { Quiet, Objects: keys.map((Key) => ({ Key })) },
        }),
      )
    await expect(remove(MANY.slice(0, 1001), false)).rejects.toMatchObject({ name: 'MalformedXML' })
    expect(await remove(MANY.slice(0, 1000), true)).not.toHaveProperty('Deleted')
    expect(await remove(MANY.slice(1000), false)).toMatchObject({
      Deleted: MANY.slice(1000).map((Key) => ({ Key })),
    })
    expect((await s3.send(new ListObjectsV2Command({ Bucket: OTHER_BUCKET }))).KeyCount).toBe(0)
  })
})
