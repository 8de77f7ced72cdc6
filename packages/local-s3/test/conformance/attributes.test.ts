import {
  CopyObjectCommand,
  GetObjectAttributesCommand,
  PutObjectCommand,
  type GetObjectAttributesCommandInput,
  type GetObjectAttributesCommandOutput,
  type GetObjectAttributesParts,
  type ObjectAttributes,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements, exchange } from './exchange.ts'
import { BUCKET, differs, startEndpoint, type Endpoint } from './start-endpoint.ts'

const PART_BYTES = 5 * 1024 ** 2

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
  await endpoint.s3.send(
    new PutObjectCommand({ Bucket: BUCKET, Key: 'whole', Body: 'hello world', ChecksumAlgorithm: 'SHA256' }),
  )
  const upload = new Upload({
    client: endpoint.s3,
    partSize: PART_BYTES,
    params: {
      Bucket: BUCKET,
      Key: 'in parts',
      Body: Buffer.alloc(2 * PART_BYTES + 3, 'x'),
      ChecksumAlgorithm: 'SHA256',
    },
  })
  await upload.done()
})
afterAll(async () => endpoint[Symbol.asyncDispose]())

/** The SDK puts spaces between several of them, which MinIO refuses. */
async function attributeOf(
  attribute: ObjectAttributes,
  key: string,
  more: Partial<GetObjectAttributesCommandInput> = {},
): Promise<GetObjectAttributesCommandOutput> {
  const input = { Bucket: BUCKET, Key: key, ObjectAttributes: [attribute], ...more }
  return await endpoint.s3.send(new GetObjectAttributesCommand(input))
}

async function partsOf(
  key: string,
  more: Partial<GetObjectAttributesCommandInput> = {},
): Promise<GetObjectAttributesParts | undefined> {
  return (await attributeOf('ObjectParts', key, more)).ObjectParts
}

describe('the attributes of an object', () => {
  it.each([
    { attribute: 'ETag' as const, value: '5eb63bbbe01eeed093cb22bb8f5acdc3' },
    {
      attribute: 'Checksum' as const,
      value: { ChecksumSHA256: 'uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=', ChecksumType: 'FULL_OBJECT' },
    },
    { attribute: 'StorageClass' as const, value: 'STANDARD' },
    { attribute: 'ObjectSize' as const, value: 11 },
  ])('are given one by one: $attribute', async ({ attribute, value }) => {
    const { $metadata, LastModified, ...given } = await attributeOf(attribute, 'whole')
    expect($metadata.httpStatusCode).toBe(200)
    expect(LastModified).toBeInstanceOf(Date)
    expect(given).toEqual({ [attribute]: value })
  })

  it('are given together', async () => {
    const headers = { 'x-amz-object-attributes': 'ETag,ObjectSize' }
    const answer = await exchange(endpoint, { key: 'whole', query: { attributes: '' }, headers })
    expect(answer.status).toBe(200)
    expect(elements(answer, 'ETag')).toEqual(['5eb63bbbe01eeed093cb22bb8f5acdc3'])
    expect(elements(answer, 'ObjectSize')).toEqual(['11'])
    expect(elements(answer, 'StorageClass')).toEqual([])
  })

  it('list the one part of what was put at once', async () => {
    expect(await partsOf('whole')).toMatchObject({
      IsTruncated: false,
      MaxParts: 10_000,
      NextPartNumberMarker: '1',
      PartNumberMarker: '0',
      TotalPartsCount: 1,
      Parts: [{ PartNumber: 1, Size: 11 }],
    })
  })

  it('list the parts in which it was uploaded', async () => {
    const { Checksum } = await attributeOf('Checksum', 'in parts')
    expect(Checksum?.ChecksumType).toBe('COMPOSITE')
    // Without the number of parts that a read has behind it
    expect(Checksum?.ChecksumSHA256).toMatch(/^[A-Za-z0-9+/]{43}=$/)
    const parts = await partsOf('in parts')
    expect(parts).toMatchObject({
      IsTruncated: false,
      NextPartNumberMarker: '3',
      TotalPartsCount: 3,
      Parts: [
        { PartNumber: 1, Size: PART_BYTES },
        { PartNumber: 2, Size: PART_BYTES },
        { PartNumber: 3, Size: 3 },
      ],
    })
    const checksums = parts?.Parts?.map(({ ChecksumSHA256 }) => ChecksumSHA256 !== undefined)
    expect(new Set(checksums)).toEqual(new Set([differs({ 'local-s3': false, minio: true })]))
  })

  it('list the parts page by page', async () => {
    const first = await partsOf('in parts', { MaxParts: 2 })
    expect(first).toMatchObject({ IsTruncated: true, MaxParts: 2, NextPartNumberMarker: '2' })
    expect(first?.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1, 2])
    const PartNumberMarker = first?.NextPartNumberMarker
    const second = await partsOf('in parts', { MaxParts: 2, PartNumberMarker })
    expect(second).toMatchObject({ IsTruncated: false, PartNumberMarker: '2', NextPartNumberMarker: '3' })
    expect(second?.Parts).toMatchObject([{ PartNumber: 3, Size: 3 }])
  })

  it('show a copy as put at once', async () => {
    await endpoint.s3.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: `${BUCKET}/in parts` }),
    )
    expect(await partsOf('copy')).toMatchObject({ TotalPartsCount: 1, Parts: [{ Size: 2 * PART_BYTES + 3 }] })
  })

  it('of an empty object say so', async () => {
    await exchange(endpoint, { method: 'PUT', key: 'empty' })
    const { ObjectSize } = await attributeOf('ObjectSize', 'empty')
    expect(ObjectSize).toBe(differs({ 'local-s3': 0, minio: undefined }))
    expect(await partsOf('empty')).toMatchObject({ TotalPartsCount: 1, Parts: [{ PartNumber: 1, Size: 0 }] })
  })

  it.each([
    { name: 'none is named', headers: {}, status: 400, code: 'InvalidArgument' },
    {
      name: 'there are spaces between their names',
      headers: { 'x-amz-object-attributes': 'ETag, ObjectSize' },
      status: 400,
      code: 'InvalidArgument',
    },
    {
      name: 'an unknown one is named',
      headers: { 'x-amz-object-attributes': 'ETag,Owner' },
      status: 400,
      code: 'InvalidArgument',
    },
    {
      name: 'the page is no number',
      headers: { 'x-amz-object-attributes': 'ETag', 'x-amz-max-parts': 'x' },
      status: 400,
      code: 'InvalidArgument',
    },
    {
      name: 'the marker is no number',
      headers: { 'x-amz-object-attributes': 'ETag', 'x-amz-part-number-marker': 'x' },
      status: 400,
      code: 'InvalidArgument',
    },
    {
      name: 'a condition fails',
      headers: { 'x-amz-object-attributes': 'ETag', 'if-match': '"other"' },
      status: 412,
      code: 'PreconditionFailed',
    },
    {
      name: 'it is known already',
      headers: { 'x-amz-object-attributes': 'ETag', 'if-none-match': '"5eb63bbbe01eeed093cb22bb8f5acdc3"' },
      status: 304,
      code: undefined,
    },
  ])('are not given where $name', async ({ headers, status, code }) => {
    const answer = await exchange(endpoint, { key: 'whole', query: { attributes: '' }, headers })
    expect(answer).toMatchObject({ status, code })
  })

  it('are not given of what is not there', async () => {
    await expect(attributeOf('ETag', 'nothing')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    })
    const answer = await exchange(endpoint, {
      path: '/no-such-bucket/file',
      query: { attributes: '' },
      headers: { 'x-amz-object-attributes': 'ETag' },
    })
    expect(answer).toMatchObject({ status: 404, code: 'NoSuchBucket' })
  })
})
