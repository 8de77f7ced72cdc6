import { isActiveStatus, type RecordingEvent, type RecordingInfo } from '@roomreel/contracts'
import pMap from 'p-map'
import type { Logger } from 'pino'
import type { ObjectStore, StoredText } from '../storage/object-store.ts'
import type { RecordingKeys } from '../storage/recording-keys.ts'
import type { HeldClaim } from '../recordings/claim.ts'
import { compareNewestFirst } from './recording-order.ts'
import type { RecordingStore } from '../recordings/recording-store.ts'

/** Metadata objects read at once. */
const READ_CONCURRENCY = 32

interface Row {
  readonly etag: string
  /** Undefined for an object that holds no recording (a freed claim, a foreign file): remembered, not shown. */
  readonly recording: RecordingInfo | undefined
}

/**
 * What this process knows of S3's recordings: a cache that can be thrown away at any time. It is refreshed by
 * listing keys and reading only what changed; one's own writes go in at once.
 */
export interface RecordingIndex {
  /** Refreshes unless the last refresh is younger than `maxAgeMs`; concurrent callers share one. */
  ensureFresh(maxAgeMs: number): Promise<void>
  /** All recordings, newest first. The array is not changed afterwards. */
  all(): readonly RecordingInfo[]
  heldClaims(): readonly HeldClaim[]
  /** Enters what this process has just written. */
  put(key: string, etag: string, recording: RecordingInfo | undefined, claim?: HeldClaim): void
  /** Enters that this process has just deleted an object. */
  remove(key: string): void
  /** @returns how to stop listening */
  subscribe(listener: (event: RecordingEvent) => void): () => void
}

export function createRecordingIndex(
  objects: ObjectStore,
  keys: RecordingKeys,
  store: RecordingStore,
  log: Logger,
): RecordingIndex {
  const rows = new Map<string, Row>()
  const claims = new Map<string, HeldClaim>()
  const listeners = new Set<(event: RecordingEvent) => void>()
  /** For each key that this process wrote, at which refresh: a listing begun before must not undo it. */
  const ownWrites = new Map<string, number>()
  let refreshCount = 0
  let hasLoaded = false
  let refreshedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined
  let visible = new Map<string, RecordingInfo>()
  let sorted: readonly RecordingInfo[] | undefined

  /** Claims come first, so that an ended recording's metadata (written before its claim was freed) is not missed. */
  const recordPrefixes = [keys.claimPrefix, keys.metadataPrefix, keys.failedPrefix]

  const read = async (key: string): Promise<StoredText | undefined> => objects.getText(key)

  const enter = (key: string, stored: StoredText): void => {
    if (key.startsWith(keys.claimPrefix)) {
      const claim = store.parseClaim(key, stored)?.claim
      if (claim?.state === 'held') claims.set(key, claim)
      else claims.delete(key)
      rows.set(key, { etag: stored.etag, recording: claim?.state === 'held' ? claim.recording : undefined })
      return
    }
    rows.set(key, { etag: stored.etag, recording: store.parse(key, stored) })
  }

  const refresh = async (): Promise<void> => {
    const current = ++refreshCount
    const seen = new Set<string>()
    for (const prefix of recordPrefixes) {
      const changed: string[] = []
      for await (const { key, etag } of objects.list(prefix)) {
        if (!key.endsWith('.json')) continue
        seen.add(key)
        if (rows.get(key)?.etag !== etag) changed.push(key)
      }
      await pMap(
        changed,
        async (key) => {
          const stored = await read(key)
          if (stored && (ownWrites.get(key) ?? -1) < current) enter(key, stored)
        },
        { concurrency: READ_CONCURRENCY },
      )
    }
    // Last, because what they bury is removed after they are written; that they are there is all they say
    for await (const { key, etag } of objects.list(keys.deletedPrefix)) {
      seen.add(key)
      if ((ownWrites.get(key) ?? -1) < current) rows.set(key, { etag, recording: undefined })
    }
    for (const key of rows.keys()) {
      if (!seen.has(key) && (ownWrites.get(key) ?? -1) < current) {
        rows.delete(key)
        claims.delete(key)
      }
    }
    for (const [key, at] of ownWrites) if (at < current) ownWrites.delete(key)
    refreshedAt = performance.now()
    announce()
    hasLoaded = true
  }

  /** Compares what is visible now with what was, and tells the listeners what became of it. */
  const announce = (): void => {
    const ended = new Set<string>()
    for (const { recording } of rows.values()) {
      if (recording && !isActiveStatus(recording.status)) ended.add(recording.id)
    }
    const next = new Map<string, RecordingInfo>()
    for (const [key, { recording }] of rows) {
      if (!recording || isBuried(key)) continue
      // A claim that is about to be freed: its recording has ended and is listed by its metadata
      if (key.startsWith(keys.claimPrefix) && ended.has(recording.id)) continue
      next.set(isActiveStatus(recording.status) ? `active ${recording.id}` : recording.name, recording)
    }
    const before = visible
    visible = next
    sorted = undefined
    // What was there before this process is no news
    if (listeners.size === 0 || !hasLoaded) return
    for (const [key, recording] of next) {
      const known = before.get(key)
      if (known === recording || (known && JSON.stringify(known) === JSON.stringify(recording))) continue
      emit({ type: isActiveStatus(recording.status) ? 'status' : 'saved', recording })
    }
    for (const [key, { id, name, roomName, roomId, status }] of before) {
      if (next.has(key) || (isActiveStatus(status) && ended.has(id))) continue
      emit({ type: 'deleted', recordingName: name, roomName, roomId })
    }
  }

  /** What is left of a deleted recording is on its way out. */
  const isBuried = (key: string): boolean =>
    [keys.metadataPrefix, keys.failedPrefix].some(
      (prefix) => key.startsWith(prefix) && rows.has(keys.deletedPrefix + key.slice(prefix.length)),
    )

  const emit = (event: RecordingEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        log.error({ err: error }, 'a listener of recording events failed')
      }
    }
  }

  return {
    async ensureFresh(maxAgeMs) {
      if (performance.now() - refreshedAt < maxAgeMs) return
      running ??= refresh().finally(() => {
        running = undefined
      })
      await running
    },
    all() {
      sorted ??= [...visible.values()].toSorted(compareNewestFirst)
      return sorted
    },
    heldClaims: () => [...claims.values()],
    put(key, etag, recording, claim) {
      ownWrites.set(key, refreshCount)
      rows.set(key, { etag, recording })
      if (claim) claims.set(key, claim)
      else claims.delete(key)
      announce()
    },
    remove(key) {
      ownWrites.set(key, refreshCount)
      rows.delete(key)
      claims.delete(key)
      announce()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
