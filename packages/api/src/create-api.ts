import { isActiveStatus } from '@roomreel/contracts'
import type { Logger } from 'pino'
import type { AuditSink } from './audit/audit-log.ts'
import { createAudit } from './audit/create-audit.ts'
import type { ApiConfig } from './api-config.ts'
import { type ApiContext, type ApiRequest, createContext } from './context.ts'
import { sweepDaily } from './housekeeping/sweep-daily.ts'
import { checkReadiness, type Readiness } from './health/check-readiness.ts'
import { type MediaQuery, openMedia, type OpenedMedia } from './media/open-media.ts'
import { createRecordingFeed } from './library/recording-feed.ts'
import { startReconciler } from './reconcile/reconciler.ts'
import { createServices } from './create-services.ts'
import { type Metrics, unmeasured } from './metrics/metrics.ts'
import { receiveWebhook } from './webhooks/receive-webhook.ts'

/** The application behind its routes. It starts whether LiveKit and S3 answer or not. */
export interface Api {
  createContext(request: ApiRequest): ApiContext
  /** See `receiveWebhook`. */
  receiveWebhook(body: Uint8Array, authorization: string | undefined): Promise<void>
  /** See `openMedia`. */
  openMedia(query: MediaQuery, ticket: string | undefined, signal: AbortSignal): Promise<OpenedMedia>
  checkReadiness(): Promise<Readiness>
  /** What this process knows of now, without asking anybody. */
  counts(): {
    readonly heldClaims: number
    readonly runningRecordings: number
    readonly recordings: number
    /** Those who listen to `recordings.events`. */
    readonly eventReaders: number
    /** Since what other replicas had written was last read; infinite before the first time. */
    readonly libraryAgeSeconds: number
  }
  /** Ends subscriptions; everything else goes on being answered. */
  endSubscriptions(): void
  /** Ends subscriptions and background work. Nothing can be asked afterwards. */
  close(): Promise<void>
}

export interface ApiOptions {
  /** The clock, ms since the epoch. */
  readonly now?: () => number
  readonly metrics?: Metrics
  readonly auditSink?: AuditSink
}

export function createApi(
  config: ApiConfig,
  log: Logger,
  { now = Date.now, metrics = unmeasured, auditSink = 's3' }: ApiOptions = {},
): Api {
  const services = createServices(config, log, now, metrics)
  const feed = createRecordingFeed(services.index, log, now)
  const reconciler = startReconciler(services)
  const audit = createAudit(services, auditSink)
  const stopSweeping = sweepDaily(services)
  return {
    createContext: (request) => createContext(services, feed, audit, request),
    receiveWebhook: (body, authorization) => receiveWebhook(services, body, authorization),
    openMedia: (query, ticket, signal) => openMedia(services, query, ticket, signal),
    checkReadiness: () => checkReadiness(services),
    counts() {
      const recordings = services.index.all()
      return {
        heldClaims: services.index.heldClaims().length,
        runningRecordings: recordings.filter(({ status }) => isActiveStatus(status)).length,
        recordings: recordings.length,
        eventReaders: feed.readers,
        libraryAgeSeconds: services.index.ageMs() / 1000,
      }
    },
    endSubscriptions: () => feed.close(),
    async close() {
      feed.close()
      stopSweeping()
      await reconciler.stop()
      await audit.close()
      await services.index.close()
      services.objects.close()
    },
  }
}
