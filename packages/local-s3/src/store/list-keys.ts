import { compareKeys } from './compare-keys.ts'
import type { KeyIndex } from './key-index.ts'

export interface ListKeysOptions {
  readonly prefix: string
  /** Keys with this text behind the prefix are rolled up; empty for none. */
  readonly delimiter: string
  /** Only what comes behind this key or common prefix; empty for all. */
  readonly after: string
  /** Keys and common prefixes together. */
  readonly limit: number
}

export interface KeyPage<V> {
  readonly contents: ReadonlyArray<{ readonly key: string; readonly value: V }>
  readonly commonPrefixes: readonly string[]
  /** Where the next page goes on; absent on the last page. */
  readonly next: string | undefined
}

/**
 * One page of a listing. Its cost is that of the page: a common prefix is passed over by a binary search, however many
 * keys it stands for.
 */
export function listKeys<V>(index: KeyIndex<V>, options: ListKeysOptions): KeyPage<V> {
  const { prefix, delimiter, after, limit } = options
  const contents: Array<{ key: string; value: V }> = []
  const commonPrefixes: string[] = []
  let last = ''
  let position = startPosition(index, options)
  for (;;) {
    const key = index.keyAt(position)
    if (key === undefined || !key.startsWith(prefix)) return { contents, commonPrefixes, next: undefined }
    if (contents.length + commonPrefixes.length >= limit) {
      // No page can follow an empty one, which is what max-keys=0 asks for
      return { contents, commonPrefixes, next: limit === 0 ? undefined : last }
    }
    const group = groupOf(key, prefix, delimiter)
    const value = index.get(key)
    if (group !== undefined) {
      if (after === '' || compareKeys(group, after) > 0) {
        commonPrefixes.push(group)
        last = group
      }
      position = endOfPrefix(index, group)
    } else {
      if (value !== undefined) contents.push({ key, value })
      last = key
      position += 1
    }
  }
}

function startPosition<V>(index: KeyIndex<V>, { prefix, delimiter, after }: ListKeysOptions): number {
  const first = index.position(prefix)
  if (after === '') return first
  const group = after.startsWith(prefix) ? groupOf(after, prefix, delimiter) : undefined
  if (group === after) return endOfPrefix(index, group)
  return Math.max(
    first,
    index.firstWhere((key) => compareKeys(key, after) > 0),
  )
}

/** The common prefix a key is rolled up into, its delimiter included. */
function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
  return cut < 0 ? undefined : key.slice(0, cut + delimiter.length)
}

function endOfPrefix<V>(index: KeyIndex<V>, prefix: string): number {
  return index.firstWhere((key) => !key.startsWith(prefix) && compareKeys(key, prefix) > 0)
}
