import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listInParts } from './list-in-parts.ts'
import { partings } from './partings.ts'

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** Lists as S3 does: in the order of UTF-8's bytes. */
function bucketOf(keys: readonly string[]) {
  const sorted = keys.toSorted(byBytes)
  return {
    async *list(_prefix: string, { startAfter }: { startAfter?: string } = {}) {
      for (const key of sorted) {
        await Promise.resolve()
        if (startAfter === undefined || byBytes(key, startAfter) > 0)
          yield { key, etag: '', size: 0, lastModified: new Date(0) }
      }
    },
  }
}

describe('a listing in parts', () => {
  it('gives each key once, whatever is there, and whatever was known of it', async () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 40 }),
        fc.uniqueArray(fc.stringMatching(/^[ -~]{1,3}$/), { maxLength: 3 }),
        async (keys, ends) => {
          const listed: string[] = []
          await listInParts(bucketOf(keys), '', ends.toSorted(), (object) => listed.push(object.key))
          expect(listed.toSorted(byBytes)).toEqual(keys.toSorted(byBytes))
        },
      ),
    )
  })

  it('has about equal parts, which end at keys that sort alike everywhere', () => {
    const known = Array.from({ length: 10_000 }, (_none, number) =>
      number % 3 === 0 ? `é${number}` : `Board ${String(number).padStart(5, '0')}`,
    )
    const ends = partings(known)
    expect(ends).toHaveLength(3)
    expect(ends).toEqual(ends.toSorted(byBytes))
    for (const [part, end] of ends.entries()) expect(end).toMatch(new RegExp(`^Board 0${[2, 5, 7][part]}`))
    expect(partings(known.slice(0, 1_000))).toEqual([])
    expect(partings(Array.from({ length: 9_000 }, () => 'the same'))).toEqual(['the same'])
  })
})
