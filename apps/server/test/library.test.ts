import type { RecordingInfo } from '@roomreel/contracts'
import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

/** More than one page of S3's list (1,000 keys). */
const COUNT = 1_030

let product: RunningProduct
let s3: S3Client
let admin: Client
const names = Array.from({ length: COUNT }, (_none, number) => tutorialMetadata('Board', number).name)

beforeAll(async () => {
  product = await runProduct()
  s3 = s3Client(product.config)
  for (let number = 0; number < COUNT; number += 50) {
    const batch = Array.from({ length: Math.min(50, COUNT - number) }, (_none, offset) => number + offset)
    await Promise.all(batch.map((each) => store(s3, product.config, tutorialMetadata('Board', each))))
  }
  await store(s3, product.config, tutorialMetadata('.*', 5_000), Buffer.from('a file'))
  admin = await product.admin()
  // What others put into the bucket shows after a while
  await vi.waitFor(
    async () => {
      if ((await listAll({}, 100)).length < COUNT + 1) throw new Error('not there yet')
    },
    { timeout: 60_000 },
  )
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

async function listAll(
  filter: { roomName?: string; search?: string },
  limit: number,
): Promise<RecordingInfo[]> {
  const items: RecordingInfo[] = []
  let cursor: string | undefined
  do {
    const page = await admin.recordings.list.query({
      ...filter,
      limit,
      ...(cursor !== undefined && { cursor }),
    })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return items
}

describe('recordings.list', () => {
  it('reaches every recording, newest first, each once', async () => {
    const items = await listAll({ roomName: 'Board' }, 100)
    expect(items.map(({ name }) => name)).toEqual(names.toReversed())
  })

  it('gives a page of 24 unless asked otherwise', async () => {
    expect((await admin.recordings.list.query({})).items).toHaveLength(24)
  })

  it('filters a room by its exact name, whatever it would mean elsewhere', async () => {
    expect((await listAll({ roomName: '.*' }, 24)).map(({ roomName }) => roomName)).toEqual(['.*'])
  })

  it('searches by substring without regard to case', async () => {
    expect(await listAll({ search: 'bOAR' }, 100)).toHaveLength(COUNT)
    expect(await listAll({ search: '.*' }, 100)).toHaveLength(1)
    expect(await listAll({ search: 'no such room' }, 100)).toEqual([])
  })

  it('sees what somebody has put into the bucket, and what they took out', async () => {
    const added = tutorialMetadata('Elsewhere', 1)
    await store(s3, product.config, added)
    await expect.poll(() => listAll({ search: 'Elsewhere' }, 10), { timeout: 15_000 }).toHaveLength(1)
    const key = `recordings/.metadata/${added.name.replace('.mp4', '')}.json`
    await s3.send(new DeleteObjectCommand({ Bucket: product.config.api.s3.bucket, Key: key }))
    await expect.poll(() => listAll({ search: 'Elsewhere' }, 10), { timeout: 15_000 }).toHaveLength(0)
  })
})

describe('a recording of the tutorial', () => {
  const recordingName = tutorialMetadata('.*', 5_000).name

  it('is given, played, shared and deleted', async () => {
    expect(await admin.recordings.get.query({ recordingName })).toMatchObject({
      roomName: '.*',
      status: 'COMPLETE',
    })

    const { url, strategy } = await admin.recordings.playback.query({ recordingName })
    expect(strategy).toBe('S3')
    expect(await (await fetch(url)).text()).toBe('a file')

    const link = await admin.recordings.share.mutate({ recordingName })
    const shareToken = new URL(link.url).hash.slice(1)
    const opened = await product.client().share.open.query({ shareToken })
    expect(opened.recording.name).toBe(recordingName)
    expect(await (await fetch(opened.url)).text()).toBe('a file')

    expect(await admin.recordings.delete.mutate({ recordingNames: [recordingName] })).toEqual({
      deleted: [recordingName],
      failed: [],
    })
    expect(await listAll({ roomName: '.*' }, 24)).toEqual([])
    expect((await fetch(url)).status).toBe(404)
    await expect(product.client().share.open.query({ shareToken })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    })
    const again = await admin.recordings.delete.mutate({ recordingNames: [recordingName] })
    expect(again.failed.map(({ code }) => code)).toEqual(['NOT_FOUND'])
  })
})
