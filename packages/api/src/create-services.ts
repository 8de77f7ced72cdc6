import type { Logger } from 'pino'
import { createRateLimits } from './access/rate-limits.ts'
import { deriveSigningKeys } from './access/signing-keys.ts'
import type { ApiConfig } from './api-config.ts'
import { createKeyedQueue } from './keyed-queue.ts'
import { createRecordingIndex } from './library/recording-index.ts'
import { createLiveKitApi } from './livekit/livekit-api.ts'
import { createRecordingStore } from './recordings/recording-store.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Services } from './services.ts'
import { createShareStore } from './share/share-store.ts'
import { createObjectStore } from './storage/object-store.ts'
import { recordingKeys } from './storage/recording-keys.ts'

/** @param now the clock, ms since the epoch */
export function createServices(
  config: ApiConfig,
  log: Logger,
  now: () => number,
  metrics: Metrics,
): Services {
  const keys = recordingKeys(config.recordingsPath)
  const objects = createObjectStore(config.s3, metrics)
  const store = createRecordingStore(objects, keys, log)
  return {
    config,
    log,
    now,
    metrics,
    livekit: createLiveKitApi(config.livekit, metrics),
    objects,
    keys,
    store,
    shares: createShareStore(objects, config.recordingsPath, log),
    index: createRecordingIndex(objects, keys, store, log, now),
    signingKeys: deriveSigningKeys(config.sessionSecret),
    rateLimits: createRateLimits(now),
    roomQueue: createKeyedQueue(),
  }
}
