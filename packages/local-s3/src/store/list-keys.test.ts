import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys } from './compare-keys.ts'
import { KeyIndex } from './key-index.ts'
import { listKeys } from './list-keys.ts'

/** The definition of a listing, in the plainest words: everything at once. */
function listAll(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const found = new Set<string>()
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    found.add(cut < 0 ? key : key.slice(0, cut + delimiter.length))
  }
  return [...found].toSorted(compareKeys)
}

function listByPages(index: KeyIndex<true>, prefix: string, delimiter: string, limit: number): string[] {
  const found: string[] = []
  let after = ''
  for (;;) {
    const page = listKeys(index, { prefix, delimiter, after, limit })
    expect(page.contents.length + page.commonPrefixes.length).toBeLessThanOrEqual(limit)
    found.push(...[...page.contents.map(({ key }) => key), ...page.commonPrefixes].toSorted(compareKeys))
    if (page.next === undefined) return found
    expect(compareKeys(page.next, after)).toBeGreaterThan(0)
    after = page.next
  }
}

const character = fc.constantFrom('a', 'b', '/', '-', '\uE000', '\u{1F3A5}')
const key = fc.string({ unit: character, minLength: 1, maxLength: 6 })

describe('listKeys', () => {
  it('gives the same whatever the page size, and whatever order the keys came and went in', () => {
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 40 }),
        fc.array(key, { maxLength: 10 }),
        fc.string({ unit: character, maxLength: 2 }),
        fc.constantFrom('', '/', 'a/', '-'),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (added, removed, prefix, delimiter, limit, sortedEarly) => {
          const index = new KeyIndex<true>()
          // Asking for an order first makes every later change keep it
          if (sortedEarly) index.position('')
          for (const each of added) index.set(each, true)
          for (const each of removed) index.delete(each)
          const left = added.filter((each) => !removed.includes(each))
          expect(listByPages(index, prefix, delimiter, limit)).toEqual(listAll(left, prefix, delimiter))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('orders keys by the bytes of their UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
  })
})
