import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { dispose } from '@livekit/rtc-node'
import { type RealStack, startRealStack } from '@roomreel/real-stack'
import { freePort } from '@roomreel/tooling/free-port'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { egressMain, type RunningProduct, runProduct } from '../running-product.ts'
import { makeMinioKey, type Key } from './minio-key.ts'
import { RecordedMeeting } from './recorded-meeting.ts'

/** The policies of docs/deployment.md, of the app and of an Egress service, for another bucket. */
async function policies(bucket: string): Promise<unknown[]> {
  const page = await readFile(new URL('../../../../docs/deployment.md', import.meta.url), 'utf8')
  return [...page.matchAll(/^```json\n([^`]*)```$/gm)].map(([, text = '']): unknown =>
    JSON.parse(text.replaceAll('my-recordings', bucket)),
  )
}

let stack: RealStack
let product: RunningProduct
let app: S3Client
let egress: S3Client

beforeAll(async () => {
  const port = await freePort()
  stack = await startRealStack({ webhookUrl: `http://127.0.0.1:${port}/livekit/webhook`, egressMain })
  const { S3_ACCESS_KEY = '', S3_SECRET_KEY = '', S3_BUCKET = '' } = stack.environment
  const [appPolicy, egressPolicy] = await policies(S3_BUCKET)
  const root = { accessKey: S3_ACCESS_KEY, secretKey: S3_SECRET_KEY }
  const appKey = await makeMinioKey(stack.minio.url, root, appPolicy)
  const egressKey = await makeMinioKey(stack.minio.url, root, egressPolicy)
  app = clientOf(appKey)
  egress = clientOf(egressKey)
  await stack.egress.stop()
  await stack.startEgressAgain(variablesOf(egressKey))
  product = await runProduct({ ...stack.environment, ...variablesOf(appKey), SERVER_PORT: String(port) })
})
afterAll(async () => {
  app.destroy()
  egress.destroy()
  await product[Symbol.asyncDispose]()
  await stack[Symbol.asyncDispose]()
  await dispose()
})

const variablesOf = ({ accessKey, secretKey }: Key) => ({
  S3_ACCESS_KEY: accessKey,
  S3_SECRET_KEY: secretKey,
})

function clientOf({ accessKey, secretKey }: Key): S3Client {
  return new S3Client({
    endpoint: stack.minio.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
  })
}

/** @returns 200, or with what HTTP status S3 refuses */
async function statusOf(answer: Promise<unknown>): Promise<number | undefined> {
  try {
    await answer
    return 200
  } catch (error) {
    if (error instanceof S3ServiceException) return error.$metadata.httpStatusCode
    throw error
  }
}

describe('with the policies of docs/deployment.md', () => {
  it('the app is ready, and a meeting is recorded, played and deleted', async () => {
    await expect
      .poll(async () => (await fetch(`${product.url}/readyz`)).status, { timeout: 15_000 })
      .toBe(200)
    await using meeting = await RecordedMeeting.open(product, 'Least')
    const id = await meeting.record()
    await meeting.stop()
    const recording = await meeting.ended(id)
    expect(recording).toMatchObject({ status: 'COMPLETE' })
    expect((await meeting.watch(recording)).length).toBe(recording.size)
    const admin = await product.admin()
    expect(await admin.recordings.delete.mutate({ recordingNames: [recording.name] })).toMatchObject({
      failed: [],
    })
  })

  it('the app learns that an object is not there, and is refused outside of its prefix', async () => {
    const Bucket = product.config.api.s3.bucket
    const get = (Key: string) => statusOf(app.send(new GetObjectCommand({ Bucket, Key })))
    expect(await get('recordings/.claims/none.json')).toBe(404)
    const put = (Key: string) =>
      statusOf(app.send(new PutObjectCommand({ Bucket, Key, Body: 'x', IfNoneMatch: '*' })))
    expect(await put('recordings/new')).toBe(200)
    expect(await put('recordings/new')).toBe(412)
    expect(await put('elsewhere/new')).toBe(403)
  })

  it('an Egress service uploads in parts, breaks off, and can do nothing else', async () => {
    const Bucket = product.config.api.s3.bucket
    const Key = 'recordings/large.mp4'
    const begin = () => egress.send(new CreateMultipartUploadCommand({ Bucket, Key }))
    const { UploadId } = await begin()
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }
    const { ETag } = await egress.send(new UploadPartCommand(part))
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    const complete = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload })
    expect(await statusOf(egress.send(complete))).toBe(200)
    const abort = new AbortMultipartUploadCommand({ Bucket, Key, UploadId: (await begin()).UploadId })
    expect(await statusOf(egress.send(abort))).toBe(200)
    expect(await statusOf(egress.send(new GetObjectCommand({ Bucket, Key })))).toBe(403)
    expect(await statusOf(egress.send(new DeleteObjectCommand({ Bucket, Key })))).toBe(403)
    expect(await statusOf(egress.send(new ListObjectsV2Command({ Bucket })))).toBe(403)
  })
})
