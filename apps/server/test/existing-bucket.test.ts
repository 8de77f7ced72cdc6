import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client } from './stored-recordings.ts'

/**
 * What OpenVidu's tutorial openvidu-recording-advanced-node leaves in its bucket, to the letter: LiveKit's Egress
 * names the file `{room_name}-{room_id}-{time}`, and the app puts JSON.stringify of seven fields beside it, with
 * times divided from nanoseconds and without a Content-Type.
 */
const BYTES = Buffer.from('the bytes of an MP4 file')
/** Newest first. */
const ROOM_NAMES = ['Test Room', 'Test Room (1)', 'Réunion de l’équipe 会議', '100 % + more']
const STARTED = 1751021112345.678
const FILES = ROOM_NAMES.map((roomName, number) => ({
  id: `EG_xEaTxuRwzaY${number}`,
  roomName,
  name: `${roomName}-RM_MgVjbXSFxQ3V-2025-06-27T10${45 - number}12.mp4`,
  startedAt: STARTED - number * 60_000,
}))
const metadataOf = (id: string, name: string, roomName: string, startedAt: number, rest: string): string =>
  `{"id":"${id}","name":"${name}","roomName":"${roomName}","roomId":"RM_MgVjbXSFxQ3V","startedAt":${startedAt},${rest}}`
/** An egress that was aborted: it never began, and there is no file. */
const ABORTED = 'Test Room-RM_MgVjbXSFxQ3V-2025-06-27T110000.mp4'

let product: RunningProduct
let s3: S3Client
let admin: Client

beforeAll(async () => {
  product = await runProduct()
  s3 = s3Client(product.config)
  for (const { id, name, roomName, startedAt } of FILES) {
    const rest = `"duration":12.543333333,"size":${BYTES.length}`
    await put(`recordings/${name}`, BYTES, 'video/mp4')
    await putMetadata(name, metadataOf(id, name, roomName, startedAt, rest))
  }
  await putMetadata(ABORTED, metadataOf('EG_aborted12345', ABORTED, 'Test Room', 0, '"duration":0,"size":0'))
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

async function putMetadata(name: string, text: string): Promise<void> {
  await put(`recordings/.metadata/${name.replace('.mp4', '.json')}`, text)
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
    .toEqual([...FILES.map(({ name }) => name), ABORTED])
})

it.each(FILES)('$name is shown and played, from S3 and through the app', async (file) => {
  const { name: recordingName } = file
  expect(await admin.recordings.get.query({ recordingName })).toMatchObject({
    ...file,
    roomId: 'RM_MgVjbXSFxQ3V',
    duration: 12.543333333,
    size: BYTES.length,
    status: 'COMPLETE',
  })
  for (const strategy of [undefined, 'PROXY' as const]) {
    const { url } = await admin.recordings.playback.query({ recordingName, ...(strategy && { strategy }) })
    const answer = await fetch(new URL(url, product.url))
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES)
  }
})

it('what has no file can be deleted, and is not played', async () => {
  await expect(admin.recordings.playback.query({ recordingName: ABORTED })).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  })
  expect(await admin.recordings.delete.mutate({ recordingNames: [ABORTED] })).toMatchObject({ failed: [] })
})

it('a deletion takes both of its objects', async () => {
  const recordingNames = FILES.map(({ name }) => name)
  expect(await admin.recordings.delete.mutate({ recordingNames })).toMatchObject({ failed: [] })
  const left = (await keys()).filter((key) => key.includes('RM_MgVjbXSFxQ3V-2025-06-27'))
  expect(left.filter((key) => !/^recordings\/\.(deleted|audit|changes)\//.test(key))).toEqual([])
})
