import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client } from './stored-recordings.ts'

/**
 * What OpenVidu's tutorial openvidu-recording-advanced-node leaves in its bucket, to the letter: LiveKit's Egress
 * names the file `{room_name}-{room_id}-{time}`, and the app puts JSON.stringify of seven fields beside it, with
 * times divided from nanoseconds and without a Content-Type.
 */
const FILE = 'Test Room-RM_MgVjbXSFxQ3V-2025-06-27T104512.mp4'
const BYTES = Buffer.from('the bytes of an MP4 file')
const METADATA = `{"id":"EG_xEaTxuRwzaYh","name":"${FILE}","roomName":"Test Room","roomId":"RM_MgVjbXSFxQ3V","startedAt":1751021112345.678,"duration":12.543333333,"size":${BYTES.length}}`
/** An egress that was aborted: it never began, and there is no file. */
const ABORTED = 'Test Room-RM_MgVjbXSFxQ3V-2025-06-27T110000.mp4'
const ABORTED_METADATA = `{"id":"EG_aborted12345","name":"${ABORTED}","roomName":"Test Room","roomId":"RM_MgVjbXSFxQ3V","startedAt":0,"duration":0,"size":0}`

let product: RunningProduct
let s3: S3Client
let admin: Client

beforeAll(async () => {
  product = await runProduct()
  s3 = s3Client(product.config)
  await put(`recordings/${FILE}`, BYTES, 'video/mp4')
  await put(`recordings/.metadata/${FILE.replace('.mp4', '.json')}`, METADATA)
  await put(`recordings/.metadata/${ABORTED.replace('.mp4', '.json')}`, ABORTED_METADATA)
  admin = await product.admin()
})
afterAll(async () => {
  s3.destroy()
  await product[Symbol.asyncDispose]()
})

async function put(key: string, body: string | Buffer, type?: string): Promise<void> {
  const { bucket } = product.config.api.s3
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...(type && { ContentType: type }) }),
  )
}

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: product.config.api.s3.bucket }))
  return Contents.map(({ Key = '' }) => Key)
}

it("a bucket of the tutorial's app opens as it is", async () => {
  await expect
    .poll(async () => (await admin.recordings.list.query({})).items.map(({ name }) => name), {
      timeout: 15_000,
    })
    .toEqual([FILE, ABORTED])
  expect(await admin.recordings.get.query({ recordingName: FILE })).toMatchObject({
    id: 'EG_xEaTxuRwzaYh',
    name: FILE,
    roomName: 'Test Room',
    roomId: 'RM_MgVjbXSFxQ3V',
    startedAt: 1751021112345.678,
    duration: 12.543333333,
    size: BYTES.length,
    status: 'COMPLETE',
  })
  const { url } = await admin.recordings.playback.query({ recordingName: FILE })
  expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(BYTES)
})

it('what has no file can be deleted, and is not played', async () => {
  await expect(admin.recordings.playback.query({ recordingName: ABORTED })).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  })
  expect(await admin.recordings.delete.mutate({ recordingNames: [ABORTED] })).toMatchObject({ failed: [] })
})

it('a deletion takes both of its objects', async () => {
  expect(await admin.recordings.delete.mutate({ recordingNames: [FILE] })).toMatchObject({ failed: [] })
  const left = (await keys()).filter((key) => key.includes('RM_MgVjbXSFxQ3V-2025-06-27'))
  expect(left.filter((key) => key.startsWith('recordings/Test') || key.includes('.metadata/'))).toEqual([])
})
