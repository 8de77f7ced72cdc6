import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

/** As an Egress leaves them that numbers pictures instead of overwriting one. */
const RECORDING = tutorialMetadata('Numbered', 1)
const neighbour = (ending: string) => ({
  ...tutorialMetadata('Neighbour', ending.length),
  name: RECORDING.name.replace('.mp4', `${ending}.mp4`),
})
/** Called as one of the other's pictures, and as a number in the series of its stem. */
const NEIGHBOURS = ['_00003', '0', '_00003-2'].map(neighbour)
const pictureOf = (name: string, ending = '') =>
  `recordings/.thumbnails/${name.replace('.mp4', '')}${ending}.jpeg`

let product: RunningProduct
let s3: S3Client

beforeAll(async () => {
  product = await runProduct()
  s3 = s3Client(product.config)
  const pictures = [
    ...['_00001', '_00002', '.jpeg00001', ''].map((ending) => pictureOf(RECORDING.name, ending)),
    ...NEIGHBOURS.map(({ name }) => pictureOf(name)),
  ]
  for (const recording of [RECORDING, ...NEIGHBOURS])
    await store(s3, product.config, recording, Buffer.alloc(recording.size))
  for (const Key of pictures)
    await s3.send(new PutObjectCommand({ Bucket: product.config.api.s3.bucket, Key, Body: 'a picture' }))
})
afterAll(async () => {
  s3.destroy()
  await product[Symbol.asyncDispose]()
})

async function picturesLeft(): Promise<string[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: product.config.api.s3.bucket, Prefix: 'recordings/.thumbnails/' }),
  )
  return Contents.map(({ Key = '' }) => Key)
}

it('a deletion takes every picture of the recording, and none of another', async () => {
  const admin = await product.admin()
  await expect
    .poll(async () => (await admin.recordings.list.query({})).items.length, { timeout: 15_000 })
    .toBe(NEIGHBOURS.length + 1)
  expect(await admin.recordings.delete.mutate({ recordingNames: [RECORDING.name] })).toMatchObject({
    failed: [],
  })
  expect((await picturesLeft()).toSorted()).toEqual(NEIGHBOURS.map(({ name }) => pictureOf(name)).toSorted())
})
