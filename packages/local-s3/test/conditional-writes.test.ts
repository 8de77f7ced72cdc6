import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readObject } from './read-object.ts'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => server[Symbol.asyncDispose]())

const REFUSED = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } }

async function put(
  Key: string,
  Body: string,
  condition: { IfMatch?: string; IfNoneMatch?: string },
): Promise<string> {
  const { ETag } = await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...condition }))
  return ETag ?? ''
}

describe('conditional writes', () => {
  it('creates once under If-None-Match: *', async () => {
    await put('once', '1', { IfNoneMatch: '*' })
    await expect(put('once', '2', { IfNoneMatch: '*' })).rejects.toMatchObject(REFUSED)
    expect((await readObject(server.s3, 'once')).toString()).toBe('1')
  })

  it('lets exactly one of many racing creators win, and keeps the winner’s bytes', async () => {
    const contenders = Array.from({ length: 24 }, (_, at) => `value ${at}`)
    const outcomes = await Promise.allSettled(
      contenders.map((body) => put('race', body, { IfNoneMatch: '*' })),
    )
    const winners = contenders.filter((_, at) => outcomes[at]?.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    // The type of a reason is any
    const losses = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    )
    for (const loss of losses) expect(loss).toMatchObject(REFUSED)
    expect((await readObject(server.s3, 'race')).toString()).toBe(winners[0])
  })

  it('lets exactly one of many racing updates of the same version win', async () => {
    const IfMatch = await put('version', 'first', {})
    const contenders = Array.from({ length: 24 }, (_, at) => `update ${at}`)
    const outcomes = await Promise.allSettled(contenders.map((body) => put('version', body, { IfMatch })))
    const winners = contenders.filter((_, at) => outcomes[at]?.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    expect((await readObject(server.s3, 'version')).toString()).toBe(winners[0])
  })

  it('refuses If-Match with an ETag that is not the current one, or on nothing', async () => {
    await put('known', '1', {})
    await expect(put('known', '2', { IfMatch: '"00000000000000000000000000000000"' })).rejects.toMatchObject(
      REFUSED,
    )
    await expect(
      put('unknown', '1', { IfMatch: '"00000000000000000000000000000000"' }),
    ).rejects.toMatchObject({
      name: 'NoSuchKey',
    })
  })

  it('holds for the completion of a multipart upload', async () => {
    const target = { Bucket: BUCKET, Key: 'parts' }
    const { UploadId } = await server.s3.send(new CreateMultipartUploadCommand(target))
    const { ETag } = await server.s3.send(
      new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'part' }),
    )
    await put('parts', 'somebody was first', {})
    const complete = {
      ...target,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    }
    await expect(
      server.s3.send(new CompleteMultipartUploadCommand({ ...complete, IfNoneMatch: '*' })),
    ).rejects.toMatchObject(REFUSED)
    expect((await readObject(server.s3, 'parts')).toString()).toBe('somebody was first')
    await server.s3.send(new CompleteMultipartUploadCommand(complete))
    expect((await readObject(server.s3, 'parts')).toString()).toBe('part')
  })
})
