import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { randomBytes } from 'node:crypto'
import { readdir, readlink } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { readObject } from './read-object.ts'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
const content = randomBytes(300 * 1024)

beforeAll(async () => {
  server = await startTestServer()
  await server.s3.send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: 'a/video.mp4',
      Body: content,
      ContentType: 'video/mp4',
      CacheControl: 'no-cache',
      Metadata: { room: 'demo' },
    }),
  )
})
afterAll(async () => server[Symbol.asyncDispose]())

/** Which blobs this process, the server's, has open; where the system cannot tell, none. */
async function openBlobs({ dataDir }: TestServer): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const targets = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  return targets.filter((target) => target.startsWith(path.join(dataDir, 'blobs')))
}

describe('putting and getting', () => {
  it('gives back the bytes of a buffer', async () => {
    expect((await readObject(server.s3, 'a/video.mp4')).equals(content)).toBe(true)
  })

  it('takes the aws-chunked framing off a streamed body', async () => {
    await server.s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'a/stream.bin',
        Body: Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]),
        ContentLength: content.length,
      }),
    )
    expect((await readObject(server.s3, 'a/stream.bin')).equals(content)).toBe(true)
    const head = await server.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a/stream.bin' }))
    expect(head.ContentEncoding).toBeUndefined()
  })

  it('removes the bytes of an object that is replaced', async () => {
    await using own = await startTestServer()
    const blobs = (): Promise<string[]> => readdir(path.join(own.dataDir, 'blobs'))
    for (const Body of ['one', 'two', 'three'])
      await own.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body }))
    expect((await readObject(own.s3, 'k')).toString()).toBe('three')
    await eventually(async () => (await blobs()).length === 1)
  })

  it('finishes a download whose object is deleted meanwhile, and then removes the bytes', async () => {
    await using own = await startTestServer()
    const large = randomBytes(24 * 1024 * 1024)
    await own.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'large', Body: large }))
    const { Body } = await own.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'large' }))
    await own.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'large' }))
    const received = Buffer.from((await Body?.transformToByteArray()) ?? [])
    expect(received.equals(large)).toBe(true)
    await eventually(async () => (await readdir(path.join(own.dataDir, 'blobs'))).length === 0)
  })

  it('closes the file of a client that leaves', async () => {
    await using own = await startTestServer()
    await own.s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'large', Body: randomBytes(24 * 1024 * 1024) }),
    )
    const abort = new AbortController()
    const { Body } = await own.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'large' }), {
      abortSignal: abort.signal,
    })
    if (!(Body instanceof Readable)) throw new Error('The SDK gave no stream')
    Body.destroy()
    await own.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'large' }))
    // The bytes go only after the last reader has let go of them
    await eventually(async () => (await readdir(path.join(own.dataDir, 'blobs'))).length === 0)
    expect(await openBlobs(own)).toEqual([])
  })
})

describe('deleting', () => {
  it('deletes under If-Match only what was seen', async () => {
    const target = { Bucket: BUCKET, Key: 'guarded' }
    const { ETag } = await server.s3.send(new PutObjectCommand({ ...target, Body: 'x' }))
    await expect(
      server.s3.send(new DeleteObjectCommand({ ...target, IfMatch: '"0123"' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await server.s3.send(new DeleteObjectCommand({ ...target, IfMatch: ETag }))
    await expect(server.s3.send(new HeadObjectCommand(target))).rejects.toMatchObject({ name: 'NotFound' })
  })
})

describe('copying', () => {
  it('copies bytes and description, independent of the source', async () => {
    const source = { Bucket: BUCKET, Key: 'copy/source ü+' }
    await server.s3.send(
      new PutObjectCommand({ ...source, Body: content, ContentType: 'video/mp4', Metadata: { a: 'b' } }),
    )
    await server.s3.send(
      new CopyObjectCommand({
        Bucket: BUCKET,
        Key: 'copy/target',
        CopySource: `${BUCKET}/${encodeURIComponent(source.Key)}`,
      }),
    )
    await server.s3.send(new DeleteObjectCommand(source))
    expect((await readObject(server.s3, 'copy/target')).equals(content)).toBe(true)
    const head = await server.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'copy/target' }))
    expect(head).toMatchObject({ ContentType: 'video/mp4', Metadata: { a: 'b' } })
  })
})
