import { RecordingInfoSchema } from '@roomreel/contracts'
import { z } from 'zod'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { SnapshotRow } from './index-snapshot.ts'

/** Recordings that are kept: more than any page of a list has. */
export const NEWEST_PAGE_LENGTH = 128

const NewestPageSchema = z.object({
  version: z.literal(1),
  /** ms since the epoch: what the log of changes told before is in it. */
  asOf: z.number(),
  /** Newest first: name, ETag and content of `.metadata/`. */
  rows: z.array(z.tuple([z.string(), z.string(), RecordingInfoSchema])).max(NEWEST_PAGE_LENGTH),
})

/**
 * The newest recordings as some replica knew them. With what the log of changes has told since, a new process knows
 * them at once, however many others there are.
 */
export interface NewestPage {
  readonly asOf: number
  readonly rows: readonly SnapshotRow[]
  /** ms since the epoch: all recordings with a file that began then or later are among the rows. */
  readonly completeFrom: number
}

/**
 * @returns undefined when there is none
 * @throws AppError SERVICE_UNAVAILABLE, or any error where it is not readable
 */
export async function readNewestPage(objects: ObjectStore, key: string): Promise<NewestPage | undefined> {
  const stored = await objects.getText(key)
  if (!stored) return undefined
  const { asOf, rows } = NewestPageSchema.parse(JSON.parse(stored.text))
  const oldest = rows.at(-1)?.[2].startedAt ?? Number.POSITIVE_INFINITY
  return {
    asOf,
    // Another one that began at the same ms may have found no place
    completeFrom: rows.length < NEWEST_PAGE_LENGTH ? Number.NEGATIVE_INFINITY : oldest + 1,
    rows: rows.map(([name, etag, recording]) => ({
      address: { kind: 'metadata', name },
      content: { etag, recording },
    })),
  }
}

/**
 * @param newest NEWEST_PAGE_LENGTH recordings with a file, or all; newest first
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function writeNewestPage(
  objects: ObjectStore,
  key: string,
  asOf: number,
  newest: readonly SnapshotRow[],
): Promise<void> {
  const page: z.infer<typeof NewestPageSchema> = {
    version: 1,
    asOf,
    rows: newest.flatMap(({ address, content: { etag, recording } }) =>
      recording ? [[address.name, etag, recording]] : [],
    ),
  }
  await objects.putJson(key, page)
}
