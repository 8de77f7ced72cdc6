import { startLocalS3 } from '@roomreel/local-s3'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFile } from '../../src/file-check/check-file.ts'
import { unmeasured } from '../../src/metrics/metrics.ts'
import { createObjectStore, type ObjectStore } from '../../src/storage/object-store.ts'

const CREDENTIALS = { accessKey: 'access', secretKey: 'secret' }
const BUCKET = 'bucket'
const KEY = 'recordings/room.mp4'
const MP4 = { contentType: 'video/mp4' }

const fileNamed = (name: string) => readFile(new URL(`files/${name}`, import.meta.url))

describe('a file in S3', () => {
  let dataDir: string
  let s3: Awaited<ReturnType<typeof startLocalS3>>
  let objects: ObjectStore

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'check-file-'))
    s3 = await startLocalS3({ dataDir, ...CREDENTIALS, buckets: [BUCKET] })
    objects = storeAt(s3.url)
  })
  afterAll(async () => {
    objects.close()
    await s3.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('that is not there is missing', async () => {
    expect(await checkFile(objects, 'recordings/nobody.mp4', 12)).toEqual({
      check: 'missing',
      size: 0,
      duration: 0,
    })
  })

  it.each([
    ['fast-start.mp4', 'verified', 12],
    ['moov-at-end.mp4', 'verified', 12],
    ['fragments.mp4', 'verified', 12.128],
    ['video-only.mp4', 'no audio', 12],
    ['audio-only.mp4', 'damaged', 12],
    ['recorder-killed.mp4', 'short', 8.192],
  ])('%s is %s', async (name, check, duration) => {
    const bytes = await fileNamed(name)
    await objects.putBytes(KEY, bytes, MP4)
    const finding = await checkFile(objects, KEY, 12)
    expect(finding).toMatchObject({ check, size: bytes.length })
    expect(finding.duration).toBeCloseTo(duration, 3)
  })

  it('that was cut, or is empty, is damaged and as long as was said', async () => {
    const bytes = await fileNamed('moov-at-end.mp4')
    for (const size of [0, 1, bytes.length - 1]) {
      await objects.putBytes(KEY, bytes.subarray(0, size), MP4)
      expect(await checkFile(objects, KEY, 7)).toEqual({ check: 'damaged', size, duration: 7 })
    }
  })

  it('that is replaced while it is read is looked at again', async () => {
    const [damaged, whole] = await Promise.all([fileNamed('audio-only.mp4'), fileNamed('fast-start.mp4')])
    await objects.putBytes(KEY, damaged, MP4)
    const replaced = afterEachRead(objects, 1, () => objects.putBytes(KEY, whole, MP4))
    expect(await checkFile(replaced, KEY, 12)).toEqual({
      check: 'verified',
      size: whole.length,
      duration: 12,
    })
  })

  it('that is deleted while it is read is missing', async () => {
    await objects.putBytes(KEY, await fileNamed('fast-start.mp4'), MP4)
    const deleted = afterEachRead(objects, 1, () => objects.delete(KEY))
    expect(await checkFile(deleted, KEY, 12)).toEqual({ check: 'missing', size: 0, duration: 0 })
  })

  it('that is replaced all the time is not judged', async () => {
    const bytes = await fileNamed('fast-start.mp4')
    await objects.putBytes(KEY, bytes, MP4)
    let version = 0
    const busy = afterEachRead(objects, Infinity, () =>
      objects.putBytes(KEY, Buffer.concat([bytes, Buffer.alloc(8, ++version)]), MP4),
    )
    await expect(checkFile(busy, KEY, 12)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })
})

it('is not judged while S3 is away', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'check-file-'))
  const s3 = await startLocalS3({ dataDir, ...CREDENTIALS, buckets: [BUCKET] })
  const objects = storeAt(s3.url)
  try {
    await objects.putBytes(KEY, await fileNamed('fast-start.mp4'), MP4)
    await s3.close()
    await expect(checkFile(objects, KEY, 12)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  } finally {
    objects.close()
    await s3.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})

function storeAt(url: string): ObjectStore {
  return createObjectStore(
    {
      endpoint: url,
      publicEndpoint: url,
      region: 'us-east-1',
      bucket: BUCKET,
      ...CREDENTIALS,
    },
    unmeasured,
  )
}

/** The same objects, where something happens after each of the first reads. */
function afterEachRead(
  objects: ObjectStore,
  times: number,
  happen: () => Promise<unknown>,
): Pick<ObjectStore, 'head' | 'readBytes'> {
  let reads = 0
  return {
    head: (key) => objects.head(key),
    async readBytes(...range) {
      const bytes = await objects.readBytes(...range)
      if (reads++ < times) await happen()
      return bytes
    },
  }
}
