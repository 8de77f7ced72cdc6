import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FolderInUseError, startLocalS3 } from '../src/index.ts'
import { readObject } from './read-object.ts'
import { ACCESS_KEY, BUCKET, SECRET_KEY, startTestServer } from './start-test-server.ts'

/** Beyond what any system gives out. */
const NO_PID = 2 ** 30
const KEYS = { accessKey: ACCESS_KEY, secretKey: SECRET_KEY }

describe('the folder of a server', () => {
  it('holds the objects for the next server', async () => {
    await using server = await startTestServer()
    await server.s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'kept', Body: 'content', Metadata: { a: 'b' } }),
    )
    await server.restart()
    expect((await readObject(server.s3, 'kept')).toString()).toBe('content')
  })

  it('is rid of leftovers at the start', async () => {
    await using server = await startTestServer()
    await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'kept', Body: 'content' }))
    const blobs = path.join(server.dataDir, 'blobs')
    await writeFile(path.join(blobs, '0'.repeat(32)), 'of a put that a crash cut short')
    await server.restart()
    expect(await readdir(blobs)).toHaveLength(1)
    expect((await readObject(server.s3, 'kept')).toString()).toBe('content')
  })

  it('is for one server at a time', async () => {
    await using server = await startTestServer()
    const second = startLocalS3({ dataDir: server.dataDir, ...KEYS })
    await expect(second).rejects.toBeInstanceOf(FolderInUseError)
    await expect(second).rejects.toMatchObject({ url: server.url })
    // The attempt has not hurt the first
    await server.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
  })

  it.each([
    { name: 'where nobody was before', lock: undefined },
    { name: 'after one that was killed', lock: { pid: NO_PID, url: 'http://127.0.0.1:9', instance: 'gone' } },
  ])('has one winner among servers that start at once, $name', async ({ lock }) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'local-s3-race-'))
    if (lock) await writeFile(path.join(dataDir, 'lock.json'), JSON.stringify(lock))
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => startLocalS3({ dataDir, ...KEYS })))
    const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(running).toHaveLength(1)
    await running[0]?.close()
    expect((await readdir(dataDir)).filter((name) => name.startsWith('lock'))).toEqual([])
    await rm(dataDir, { recursive: true })
  })

  it.each([
    { name: 'a server that was killed', lock: { pid: NO_PID, url: 'http://127.0.0.1:9', instance: 'gone' } },
    {
      name: 'another process that got its id',
      lock: { pid: process.pid, url: 'http://127.0.0.1:9', instance: 'gone' },
    },
    { name: 'nobody any more', lock: undefined },
  ])('is taken over from $name', async ({ lock }) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'local-s3-lock-'))
    await mkdir(dataDir, { recursive: true })
    await writeFile(path.join(dataDir, 'lock.json'), lock ? JSON.stringify(lock) : '')
    // And somebody was killed while looking at the lock
    await writeFile(path.join(dataDir, 'lock.wait'), String(NO_PID))
    const server = await startLocalS3({ dataDir, ...KEYS })
    await server.close()
    expect(await readdir(dataDir)).not.toContain('lock.json')
    await rm(dataDir, { recursive: true })
  })
})

describe('starting', () => {
  it('says EADDRINUSE where the port is taken, and touches nothing', async () => {
    await using server = await startTestServer()
    const dataDir = path.join(server.dataDir, 'another')
    await expect(
      startLocalS3({ dataDir, port: Number(new URL(server.url).port), ...KEYS }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(await readdir(server.dataDir)).not.toContain('another')
  })

  it('refuses the name of a bucket that cannot be', async () => {
    await using server = await startTestServer()
    await expect(
      startLocalS3({ dataDir: path.join(server.dataDir, 'x'), buckets: ['../x'], ...KEYS }),
    ).rejects.toMatchObject({ code: 'InvalidBucketName' })
  })

  it('stops once, however often it is told to', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'local-s3-close-'))
    const server = await startLocalS3({ dataDir, ...KEYS })
    await Promise.all([server.close(), server.close()])
    await server[Symbol.asyncDispose]()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    await rm(dataDir, { recursive: true })
  })
})
