import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildChildServers, type ChildServers } from './child-server.ts'
import { eventually } from './eventually.ts'
import { readObject } from './read-object.ts'
import { BUCKET } from './start-test-server.ts'

let servers: ChildServers
let dataDir: string
beforeAll(async () => {
  servers = await buildChildServers()
})
afterAll(async () => servers[Symbol.asyncDispose]())
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'local-s3-durability-'))
})
afterEach(async () => rm(dataDir, { recursive: true, force: true }))

/** What a version of a key holds: long enough that a kill has a middle to fall into. */
function bodyOf(key: string, version: number): Buffer {
  return Buffer.alloc(200_000, `${key} in version ${version}, `)
}

function etagOf(key: string, version: number): string {
  return `"${createHash('md5').update(bodyOf(key, version)).digest('hex')}"`
}

describe('a server that is killed in the middle of puts', () => {
  it('has kept everything it acknowledged, nothing by halves, and goes on', async () => {
    const keys = ['a', 'b', 'c', 'd']
    const acknowledged = new Map<string, number>()
    let version = 0
    for (let round = 1; round <= 3; round += 1) {
      const child = await servers.start(dataDir)
      const before = version
      const progress = new EventEmitter()
      const enough = once(progress, 'enough')
      const writers = keys.map(async (Key) => {
        for (;;) {
          version += 1
          const mine = version
          await child.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: bodyOf(Key, mine) }))
          acknowledged.set(Key, mine)
          if (mine > before + 25) progress.emit('enough')
        }
      })
      const ends = Promise.allSettled(writers)
      await enough
      await child.kill()
      await ends

      const again = await servers.start(dataDir)
      const { Contents = [] } = await again.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      expect(Contents.map(({ Key }) => Key)).toEqual(keys)
      for (const { Key = '', ETag } of Contents) {
        // The last acknowledged version, or one that was on its way and reached the disk
        const possible = Array.from({ length: version - (acknowledged.get(Key) ?? 0) + 1 }, (_, more) =>
          etagOf(Key, (acknowledged.get(Key) ?? 0) + more),
        )
        expect(possible).toContain(ETag)
        const content = await readObject(again.s3, Key)
        expect(`"${createHash('md5').update(content).digest('hex')}"`).toBe(ETag)
      }
      // Nothing is left of the puts that were cut off
      expect(await readdir(path.join(dataDir, 'blobs'))).toHaveLength(keys.length)
      await again.kill()
    }
  })
})

/** Runs a command with a small disk of its own at a path, where the system lets an ordinary user have that. */
function smallDiskAt(target: string): string[] {
  const script = 'mount -t tmpfs -o size=12m tmpfs "$0" && exec "$@"'
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, target]
}

const [probe, ...probeArgs] = [...smallDiskAt(tmpdir()), 'true']
const canMount = spawnSync(probe, probeArgs).status === 0

describe.skipIf(!canMount)('a full disk (needs Linux and user namespaces)', () => {
  it('refuses what does not fit, leaves nothing of it, and can be cleared by deleting', async () => {
    const child = await servers.start(dataDir, smallDiskAt(dataDir))
    // The disk is visible in the child's namespace only
    const blobs = path.join(`/proc/${child.pid}/root`, dataDir, 'blobs')
    const put = (Key: string, size: number): Promise<unknown> =>
      child.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.alloc(size, Key) }))
    const full = { name: 'InsufficientStorage', $metadata: { httpStatusCode: 507 } }

    await expect(put('too-large', 20_000_000)).rejects.toMatchObject(full)
    await eventually(async () => (await readdir(blobs)).length === 0)

    // Deleting these gives no space back, and needs more in the journal than its last block has left
    const kept = Array.from({ length: 150 }, (_, at) => `empty-${at}`)
    await Promise.all(kept.map((key) => put(key, 0)))
    let refusal: unknown
    // Down to the last block, so that the journal has no room either
    for (const size of [1_000_000, 100_000, 4096, 1]) {
      refusal = undefined
      while (refusal === undefined) {
        const key = `object-${kept.length}`
        refusal = await put(key, size).then(
          () => void kept.push(key),
          (error: unknown) => error,
        )
      }
      expect(refusal).toMatchObject(full)
    }
    const listed = async (): Promise<Array<string | undefined>> => {
      const { Contents = [] } = await child.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      return Contents.map(({ Key }) => Key)
    }
    expect(await listed()).toEqual(kept.toSorted())
    for (const Key of kept) await child.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }))
    expect(await listed()).toEqual([])
    await eventually(async () => (await readdir(blobs)).length === 0)
    await put('fits-again', 5_000_000)
    expect(await readObject(child.s3, 'fits-again')).toHaveLength(5_000_000)
    await child.kill()
  })
})
