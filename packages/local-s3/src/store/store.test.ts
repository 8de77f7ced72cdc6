import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoredObject } from './stored-object.ts'
import { Store, touched } from './store.ts'

const logger = pino({ enabled: false })

let dir: string
let store: Store
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'local-s3-store-'))
  store = await Store.open(dir, logger)
  await store.commit({
    touches: 'everything',
    decide: () => [{ type: 'bucket-created', bucket: 'b', atMs: 0 }],
  })
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

function objectOf(modifiedMs: number): StoredObject {
  return { etag: '', size: 0, modifiedMs, blobs: [], contentType: '', headers: {}, metadata: {} }
}

async function put(key: string, modifiedMs: number): Promise<void> {
  await store.commit({
    touches: [touched.key('b', key)],
    decide: () => [{ type: 'object-put', bucket: 'b', key, object: objectOf(modifiedMs) }],
  })
}

describe('Store', () => {
  it('decides on what earlier changes of the same key have left', async () => {
    const increment = (): Promise<void> =>
      store.commit({
        touches: [touched.key('b', 'counter')],
        decide: () => {
          const current = store.bucket('b').objects.get('counter')?.modifiedMs ?? 0
          return [{ type: 'object-put', bucket: 'b', key: 'counter', object: objectOf(current + 1) }]
        },
      })
    await Promise.all(Array.from({ length: 100 }, increment))
    expect(store.bucket('b').objects.get('counter')?.modifiedMs).toBe(100)
  })

  it('shows a change only when it is durable', async () => {
    const change = put('k', 1)
    expect(store.bucket('b').objects.get('k')).toBeUndefined()
    await change
    expect(store.bucket('b').objects.get('k')).toBeDefined()
    expect(await readFile(path.join(dir, 'journal'), 'utf8')).toContain('"key":"k"')
  })

  it('refuses one change without harm to those beside it', async () => {
    const refused = store.commit({
      touches: [touched.key('b', 'refused')],
      decide: () => {
        throw new Error('no')
      },
    })
    const outcomes = await Promise.allSettled([put('before', 1), refused, put('after', 1)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('keeps its journal short and loses nothing by it', async () => {
    const keys = Array.from({ length: 100 }, (_, at) => `key-${at}`)
    for (let version = 1; version <= 150; version += 1)
      await Promise.all(keys.map((key) => put(key, version)))
    await store.close()
    const lines = (await readFile(path.join(dir, 'journal'), 'utf8')).split('\n').length - 1
    expect(lines).toBeLessThan(10_000)
    store = await Store.open(dir, logger)
    const versions = keys.map((key) => store.bucket('b').objects.get(key)?.modifiedMs)
    expect(new Set(versions)).toEqual(new Set([150]))
  })

  it('takes no change once it is closed, and finishes those it has taken', async () => {
    const taken = put('taken', 1)
    const closed = store.close()
    await expect(put('late', 1)).rejects.toMatchObject({ code: 'ServiceUnavailable' })
    await Promise.all([taken, closed])
    store = await Store.open(dir, logger)
    expect(store.bucket('b').objects.get('taken')).toBeDefined()
    expect(store.bucket('b').objects.get('late')).toBeUndefined()
  })
})
