import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { readObject } from './read-object.ts'
import { signedTarget } from './signed-target.ts'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'

const content = randomBytes(100_000)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => server[Symbol.asyncDispose]())

describe('what a client declares about its bytes', () => {
  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'is checked, kept and given back: %s',
    async (ChecksumAlgorithm) => {
      const target = { Bucket: BUCKET, Key: `good/${ChecksumAlgorithm}` }
      // The SDK needs a native module for the one checksum that it cannot compute itself
      const declared =
        ChecksumAlgorithm === 'CRC64NVME'
          ? { ChecksumCRC64NVME: 'rosUhgp5mIg=', Body: '123456789' }
          : { ChecksumAlgorithm, Body: content }
      const put = await server.s3.send(new PutObjectCommand({ ...target, ...declared }))
      const name = `Checksum${ChecksumAlgorithm}` as const
      expect(put[name]).toBeTruthy()
      const got = await server.s3.send(new GetObjectCommand({ ...target, ChecksumMode: 'ENABLED' }))
      expect(got[name]).toBe(put[name])
      await got.Body?.transformToByteArray()
    },
  )

  it.each([
    { name: 'a wrong CRC32', declared: { ChecksumCRC32: 'AAAAAA==' }, error: 'XAmzContentChecksumMismatch' },
    {
      name: 'a wrong CRC32C',
      declared: { ChecksumCRC32C: 'AAAAAA==' },
      error: 'XAmzContentChecksumMismatch',
    },
    {
      name: 'a wrong CRC64NVME',
      declared: { ChecksumCRC64NVME: 'AAAAAAAAAAA=' },
      error: 'XAmzContentChecksumMismatch',
    },
    {
      name: 'a wrong SHA256',
      declared: { ChecksumSHA256: createHash('sha256').update('else').digest('base64') },
      error: 'XAmzContentChecksumMismatch',
    },
    {
      name: 'a wrong MD5',
      declared: { ContentMD5: createHash('md5').update('else').digest('base64') },
      error: 'BadDigest',
    },
    { name: 'an MD5 that is none', declared: { ContentMD5: 'abc' }, error: 'InvalidDigest' },
    { name: 'a CRC32 that is none', declared: { ChecksumCRC32: 'AAAA' }, error: 'InvalidArgument' },
    {
      name: 'two checksums',
      declared: { ChecksumCRC32: 'AAAAAA==', ChecksumCRC32C: 'AAAAAA==' },
      error: 'InvalidArgument',
    },
  ])('is refused with $name, and the old object stays', async ({ name, declared, error }) => {
    const target = { Bucket: BUCKET, Key: `bad/${name}` }
    await server.s3.send(new PutObjectCommand({ ...target, Body: 'old' }))
    await expect(
      server.s3.send(new PutObjectCommand({ ...target, Body: 'new', ...declared })),
    ).rejects.toMatchObject({ name: error, $metadata: { httpStatusCode: 400 } })
    expect((await readObject(server.s3, target.Key)).toString()).toBe('old')
  })

  it('is refused if the body is another than the one that was signed', async () => {
    const client = server.client({})
    client.middlewareStack.add(
      (next) => async (args) => {
        const { request } = args
        if (typeof request === 'object' && request !== null && 'body' in request) request.body = 'evil'
        return next(args)
      },
      // Behind the signing, in front of the network
      { step: 'finalizeRequest', priority: 'low', name: 'swapBody' },
    )
    await expect(
      client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'swapped', Body: 'good' })),
    ).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' })
  })

  it('leaves nothing of a body that ends early, and the server goes on', async () => {
    await using own = await startTestServer()
    const { hostname, port, host } = new URL(own.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `PUT ${signedTarget('PUT', own.url, BUCKET, 'half')} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100000\r\n\r\n`,
    )
    socket.write(content.subarray(0, 50_000))
    const blobs = (): Promise<string[]> => readdir(path.join(own.dataDir, 'blobs'))
    await eventually(async () => (await blobs()).length === 1)
    socket.destroy()
    await eventually(async () => (await blobs()).length === 0)
    await expect(own.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'half' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    })
  })
})
