import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { readObject } from './read-object.ts'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'

const MIB = 1024 * 1024
const content = randomBytes(12 * MIB + 17)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => server[Symbol.asyncDispose]())

async function begin(Key: string): Promise<{ Bucket: string; Key: string; UploadId: string }> {
  const { UploadId } = await server.s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }))
  if (UploadId === undefined) throw new Error('No upload id')
  return { Bucket: BUCKET, Key, UploadId }
}

async function sendPart(
  target: { Bucket: string; Key: string; UploadId: string },
  PartNumber: number,
  Body: Uint8Array | string,
): Promise<{ PartNumber: number; ETag: string }> {
  const { ETag } = await server.s3.send(new UploadPartCommand({ ...target, PartNumber, Body }))
  return { PartNumber, ETag: ETag ?? '' }
}

describe('multipart uploads', () => {
  it.each([
    { kind: 'buffer', body: () => content },
    { kind: 'stream', body: () => Readable.from(content.subarray(0)) },
  ])('takes a $kind from the SDK’s uploader', async ({ kind, body }) => {
    const Key = `uploaded/${kind}`
    await new Upload({
      client: server.s3,
      params: { Bucket: BUCKET, Key, Body: body(), ContentType: 'video/mp4' },
      partSize: 5 * MIB,
      queueSize: 3,
    }).done()
    expect((await readObject(server.s3, Key)).equals(content)).toBe(true)
    const head = await server.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))
    expect(head.ContentType).toBe('video/mp4')
    expect(head.ETag).toMatch(/^"[0-9a-f]{32}-3"$/)
  })

  it('serves ranges that cross parts', async () => {
    const target = await begin('crossing')
    const Parts = [
      await sendPart(target, 1, content.subarray(0, 5 * MIB)),
      await sendPart(target, 2, content.subarray(5 * MIB, 10 * MIB)),
      await sendPart(target, 7, content.subarray(10 * MIB)),
    ]
    await server.s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }))
    for (const [start, end] of [
      [5 * MIB - 1, 5 * MIB],
      [5 * MIB, 5 * MIB],
      [1, 10 * MIB + 1],
    ] as const) {
      const { Body } = await server.s3.send(
        new GetObjectCommand({ Bucket: BUCKET, Key: 'crossing', Range: `bytes=${start}-${end}` }),
      )
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
      expect(bytes.equals(content.subarray(start, end + 1))).toBe(true)
    }
  })

  it('lists parts and uploads, page by page', async () => {
    const target = await begin('listed/a')
    const other = await begin('listed/b')
    for (const number of [3, 1, 2]) await sendPart(target, number, `part ${number}`)
    const first = await server.s3.send(new ListPartsCommand({ ...target, MaxParts: 2 }))
    expect(first.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1, 2])
    expect(first.IsTruncated).toBe(true)
    const second = await server.s3.send(
      new ListPartsCommand({ ...target, PartNumberMarker: first.NextPartNumberMarker }),
    )
    expect(second.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[3, 6]])
    const uploads = await server.s3.send(
      new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: 'listed/' }),
    )
    expect(uploads.Uploads?.map(({ Key }) => Key)).toEqual(['listed/a', 'listed/b'])
    for (const each of [target, other]) await server.s3.send(new AbortMultipartUploadCommand(each))
  })

  it('forgets an aborted upload and its bytes', async () => {
    await using own = await startTestServer()
    const target = { Bucket: BUCKET, Key: 'aborted' }
    const { UploadId } = await own.s3.send(new CreateMultipartUploadCommand(target))
    await own.s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'x' }))
    await own.s3.send(new AbortMultipartUploadCommand({ ...target, UploadId }))
    await expect(own.s3.send(new ListPartsCommand({ ...target, UploadId }))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    })
    await eventually(async () => (await readdir(path.join(own.dataDir, 'blobs'))).length === 0)
  })

  it('aborts at the start what was begun more than a week ago', async () => {
    let now = Date.now()
    await using own = await startTestServer({ clock: () => now })
    const target = { Bucket: BUCKET, Key: 'abandoned' }
    const { UploadId } = await own.s3.send(new CreateMultipartUploadCommand(target))
    await own.restart()
    expect((await own.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads).toHaveLength(1)
    now += 8 * 24 * 60 * 60_000
    await own.restart()
    const later = own.client({ systemClockOffset: now - Date.now() })
    await expect(later.send(new ListPartsCommand({ ...target, UploadId }))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    })
  })

  it('refuses completions that do not fit what was uploaded', async () => {
    const target = await begin('refused')
    const one = await sendPart(target, 1, 'too small to be followed')
    const two = await sendPart(target, 2, 'last')
    const complete = (Parts: Array<{ PartNumber: number; ETag: string }>): Promise<unknown> =>
      server.s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }))
    await expect(complete([one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await expect(complete([two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(complete([{ ...one, ETag: two.ETag }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(complete([{ ...one, PartNumber: 5 }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await complete([two])
    expect((await readObject(server.s3, 'refused')).toString()).toBe('last')
    await expect(complete([two])).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })

  it.each([
    { number: 0, error: 'InvalidPart' },
    { number: 10_001, error: 'InvalidArgument' },
  ])('refuses part number $number', async ({ number, error }) => {
    const target = await begin('numbers')
    await expect(sendPart(target, number, 'x')).rejects.toMatchObject({ name: error })
  })
})
