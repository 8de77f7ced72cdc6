import type { Logger } from 'pino'
import { createRateLimits } from './access/rate-limits.ts'
import { deriveSigningKeys } from './access/signing-keys.ts'
import type { ApiConfig } from './api-config.ts'
import { type ApiContext, type ApiRequest, createContext } from './context.ts'
import { checkReadiness, type Readiness } from './health/check-readiness.ts'
import { createKeyedQueue } from './keyed-queue.ts'
import { createLiveKitApi } from './livekit/livekit-api.ts'
import { type MediaQuery, openMedia, type OpenedMedia } from './media/open-media.ts'
import { createRecordingFeed } from './library/recording-feed.ts'
import { createRecordingIndex } from './library/recording-index.ts'
import { createRecordingStore } from './recordings/recording-store.ts'
import { startReconciler } from './recordings/reconciler.ts'
import type { Services } from './services.ts'
import { createObjectStore } from './storage/object-store.ts'
import { recordingKeys } from './storage/recording-keys.ts'
import { receiveWebhook } from './webhooks/receive-webhook.ts'

/** The application behind its routes. It starts whether LiveKit and S3 answer or not. */
export interface Api {
  createContext(request: ApiRequest): ApiContext
  /** See `receiveWebhook`. */
  receiveWebhook(body: Uint8Array, authorization: string | undefined): Promise<void>
  /** See `openMedia`. */
  openMedia(query: MediaQuery, ticket: string | undefined, signal: AbortSignal): Promise<OpenedMedia>
  checkReadiness(): Promise<Readiness>
  /** Ends subscriptions and background work. */
  close(): Promise<void>
}

/** @param now the clock, ms since the epoch */
export function createApi(config: ApiConfig, log: Logger, now: () => number = Date.now): Api {
  const keys = recordingKeys(config.recordingsPath)
  const objects = createObjectStore(config.s3)
  const store = createRecordingStore(objects, keys, log)
  const index = createRecordingIndex(objects, keys, store, log)
  const services: Services = {
    config,
    log,
    now,
    livekit: createLiveKitApi(config.livekit),
    objects,
    keys,
    store,
    index,
    signingKeys: deriveSigningKeys(config.sessionSecret),
    rateLimits: createRateLimits(),
    roomQueue: createKeyedQueue(),
  }
  const feed = createRecordingFeed(index, log)
  const reconciler = startReconciler(services)
  return {
    createContext: (request) => createContext(services, feed, request),
    receiveWebhook: (body, authorization) => receiveWebhook(services, body, authorization),
    openMedia: (query, ticket, signal) => openMedia(services, query, ticket, signal),
    checkReadiness: () => checkReadiness(services),
    async close() {
      feed.close()
      await reconciler.stop()
      objects.close()
    },
  }
}
