import type { RecordingKeys } from '../../storage/recording-keys.ts'

/**
 * What an object of the library is: what is known of a recording with a file (`metadata`) or without one
 * (`failed`), the claim of a room session, or the record that a recording was deleted (`tombstone`).
 */
export type RowKind = 'metadata' | 'failed' | 'claim' | 'tombstone'

export interface RowAddress {
  readonly kind: RowKind
  /** Of the recording, with `.mp4`; of a claim the room's id. */
  readonly name: string
}

export const ROW_KINDS: readonly RowKind[] = ['claim', 'tombstone', 'failed', 'metadata']

export function prefixOf(keys: RecordingKeys, kind: RowKind): string {
  switch (kind) {
    case 'metadata':
      return keys.metadataPrefix
    case 'failed':
      return keys.failedPrefix
    case 'claim':
      return keys.claimPrefix
    case 'tombstone':
      return keys.deletedPrefix
  }
}

/** What is kept under a key; undefined for a key that is none of the library's. Pure. */
export function addressOf(keys: RecordingKeys, key: string): RowAddress | undefined {
  const kind = ROW_KINDS.find((each) => key.startsWith(prefixOf(keys, each)))
  if (!kind || !key.endsWith('.json')) return undefined
  const base = key.slice(prefixOf(keys, kind).length, -'.json'.length)
  if (base === '' || base.includes('/')) return undefined
  return { kind, name: kind === 'claim' ? base : `${base}.mp4` }
}

/** Pure. */
export function keyOf(keys: RecordingKeys, { kind, name }: RowAddress): string {
  switch (kind) {
    case 'metadata':
      return keys.metadata(name)
    case 'failed':
      return keys.failed(name)
    case 'claim':
      return keys.claim(name)
    case 'tombstone':
      return keys.tombstone(name)
  }
}
