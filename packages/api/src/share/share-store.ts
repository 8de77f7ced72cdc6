import { ShareLinkSchema } from '@roomreel/contracts'
import pMap from 'p-map'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { ObjectStore } from '../storage/object-store.ts'
import { linkIdPrefix } from './share-token.ts'

const CONCURRENCY = 8

/** A link as S3 keeps it: a small object in `.shares/`, which is the link's whole life. */
const StoredShareLinkSchema = ShareLinkSchema.extend({
  /** SHA-256 of the secret, in hex. */
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type StoredShareLink = z.infer<typeof StoredShareLinkSchema>

/** Every method throws AppError SERVICE_UNAVAILABLE when S3 does not answer. */
export interface ShareStore {
  /** @returns false when there is a link of this id already */
  add(link: StoredShareLink): Promise<boolean>
  /** Asks S3 each time: a link that was revoked anywhere opens nothing from then on. */
  get(linkId: string): Promise<StoredShareLink | undefined>
  /** All of a recording, in no order. */
  listOf(recordingName: string): Promise<StoredShareLink[]>
  remove(linkId: string): Promise<void>
  /** @param before ms since the epoch @returns how many went */
  removeWrittenBefore(before: number): Promise<number>
}

/** @param recordingsPath RECORDINGS_PATH, empty or with a slash at its end */
export function createShareStore(objects: ObjectStore, recordingsPath: string, log: Logger): ShareStore {
  const prefix = `${recordingsPath}.shares/`
  const keyOf = (linkId: string) => `${prefix}${linkId}.json`

  const read = async (key: string): Promise<StoredShareLink | undefined> => {
    const stored = await objects.getText(key)
    if (!stored) return undefined
    try {
      return StoredShareLinkSchema.parse(JSON.parse(stored.text))
    } catch (error) {
      // Neither opened nor listed: what can't be read gives nobody access
      log.warn({ key, err: error }, 'a stored share link can not be read')
      return undefined
    }
  }

  return {
    add: async (link) => (await objects.putJson(keyOf(link.linkId), link, { ifNew: true })) !== undefined,

    async get(linkId) {
      const link = await read(keyOf(linkId))
      return link?.linkId === linkId ? link : undefined
    },

    async listOf(recordingName) {
      const keys: string[] = []
      for await (const { key } of objects.list(prefix + linkIdPrefix(recordingName))) keys.push(key)
      const links = await pMap(keys, read, { concurrency: CONCURRENCY })
      // Two names may share a prefix, once in a very long while
      return links.filter((link) => link !== undefined).filter((link) => link.recordingName === recordingName)
    },

    remove: (linkId) => objects.delete(keyOf(linkId)),

    async removeWrittenBefore(before) {
      let removed = 0
      for await (const { key, lastModified } of objects.list(prefix)) {
        if (lastModified.getTime() >= before) continue
        await objects.delete(key)
        removed += 1
      }
      return removed
    },
  }
}
