import type { Logger } from 'pino'
import type { ApiConfig } from './api-config.ts'
import { type ApiContext, type ApiRequest, createContext } from './context.ts'
import { checkReadiness, type Readiness } from './health/check-readiness.ts'
import { type MediaQuery, openMedia, type OpenedMedia } from './media/open-media.ts'
import { createRecordingFeed } from './library/recording-feed.ts'
import { startReconciler } from './reconcile/reconciler.ts'
import { createServices } from './create-services.ts'
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
  const services = createServices(config, log, now)
  const feed = createRecordingFeed(services.index, log)
  const reconciler = startReconciler(services)
  return {
    createContext: (request) => createContext(services, feed, request),
    receiveWebhook: (body, authorization) => receiveWebhook(services, body, authorization),
    openMedia: (query, ticket, signal) => openMedia(services, query, ticket, signal),
    checkReadiness: () => checkReadiness(services),
    async close() {
      feed.close()
      await reconciler.stop()
      services.objects.close()
    },
  }
}
