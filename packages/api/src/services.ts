import type { Logger } from 'pino'
import type { RateLimits } from './access/rate-limits.ts'
import type { SigningKeys } from './access/signing-keys.ts'
import type { ApiConfig } from './api-config.ts'
import type { KeyedQueue } from './keyed-queue.ts'
import type { LiveKitApi } from './livekit/livekit-api.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { RecordingIndex } from './library/recording-index.ts'
import type { RecordingStore } from './recordings/recording-store.ts'
import type { ShareStore } from './share/share-store.ts'
import type { ObjectStore } from './storage/object-store.ts'
import type { RecordingKeys } from './storage/recording-keys.ts'

/** What the functions behind the procedures work with; built once per process. */
export interface Services {
  readonly config: ApiConfig
  readonly log: Logger
  /** ms since the epoch. */
  readonly now: () => number
  readonly metrics: Metrics
  readonly livekit: LiveKitApi
  readonly objects: ObjectStore
  readonly keys: RecordingKeys
  readonly store: RecordingStore
  readonly shares: ShareStore
  readonly index: RecordingIndex
  readonly signingKeys: SigningKeys
  readonly rateLimits: RateLimits
  /** Orders this process's work on one room session; between replicas conditional writes do. */
  readonly roomQueue: KeyedQueue
}
