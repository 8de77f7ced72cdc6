import { createHash } from 'node:crypto'
import { DeleteObjectsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { elements, exchange, type Answer } from './exchange.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

const md5 = (text: string): string => createHash('md5').update(text).digest('base64')

async function put(...keys: string[]): Promise<void> {
  for (const key of keys) await exchange(endpoint, { method: 'PUT', key, body: 'x' })
}

const remove = (
  body: string,
  headers: Record<string, string> = { 'content-md5': md5(body) },
): Promise<Answer> =>
  exchange(endpoint, { method: 'POST', path: `/${BUCKET}`, query: { delete: '' }, headers, body })

const statusOf = async (key: string): Promise<number> =>
  (await exchange(endpoint, { method: 'HEAD', key })).status

it('tells what was deleted, be it there or not', async () => {
  await put('one', `x<y>&"'`, 'a b+c%é')
  const answer = await remove(
    `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>one</Key></Object><Object><Key>nope</Key></Object><Object><Key>x&lt;y&gt;&amp;&quot;&#39;</Key></Object><Object><Key>a b+c%&#xe9;</Key></Object></Delete>`,
  )
  expect(answer.status).toBe(200)
  expect(answer.text).toContain('<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')
  expect(elements(answer, 'Key')).toEqual(['one', 'nope', `x<y>&"'`, 'a b+c%é'])
  for (const key of ['one', `x<y>&"'`, 'a b+c%é']) expect(await statusOf(key)).toBe(404)
})

it('says nothing of it where it is asked to be quiet', async () => {
  await put('quiet')
  const answer = await remove('<Delete><Quiet>true</Quiet><Object><Key>quiet</Key></Object></Delete>')
  expect(answer.status).toBe(200)
  expect(elements(answer, 'Key')).toEqual([])
  expect(await statusOf('quiet')).toBe(404)
})

it('knows the one version there is', async () => {
  await put('version')
  const answer = await remove(
    '<Delete><Object><Key>version</Key><VersionId>null</VersionId></Object></Delete>',
  )
  expect(elements(answer, 'VersionId')).toEqual(['null'])
  expect(await statusOf('version')).toBe(404)
})

it('does not delete a version that cannot be', async () => {
  await put('versions')
  const answer = await remove(
    '<Delete><Object><Key>versions</Key><VersionId>abc</VersionId></Object></Delete>',
  )
  expect(elements(answer, 'Code')).toEqual([
    differs({ 'local-s3': 'NotImplemented', minio: 'NoSuchVersion' }),
  ])
  expect(await statusOf('versions')).toBe(200)
})

it.each([
  { name: 'nothing named', body: '<Delete></Delete>' },
  { name: 'an open element', body: '<Delete><Object>' },
  { name: 'no XML', body: 'hello' },
])('refuses a list with $name', async ({ body }) => {
  expect(await remove(body)).toMatchObject({ status: 400, code: 'MalformedXML' })
})

it('wants a checksum of the list', async () => {
  await put('unchecked')
  const body = '<Delete><Object><Key>unchecked</Key></Object></Delete>'
  expect(await remove(body, {})).toMatchObject({ status: 400, code: 'MissingContentMD5' })
  expect(await statusOf('unchecked')).toBe(200)
  // MinIO wants it and does not look at it
  expect((await remove(body, { 'content-md5': md5('else') })).status).toBe(
    differs({ 'local-s3': 400, minio: 200 }),
  )
})

it('in a bucket that is not there is refused', async () => {
  const list = { Bucket: 'no-such-bucket', Delete: { Objects: [{ Key: 'k' }] } }
  await expect(endpoint.s3.send(new DeleteObjectsCommand(list))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  })
})
