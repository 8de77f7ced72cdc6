import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  WebhookEvent,
  type EgressInfo,
  type ParticipantInfo,
  type Room,
  type TrackInfo,
} from '@livekit/protocol'
import type { PartialMessage } from '@bufbuild/protobuf'
import type { Logger } from 'pino'
import type { TokenAuthority } from '../access-token/token-authority.ts'
import type { Counters } from '../counters.ts'
import { randomSid } from '../random-sid.ts'

const CONTENT_TYPE = 'application/webhook+json'
const TOKEN_LIFETIME_SECONDS = 300
/** Events that wait behind the one being delivered; further ones are refused. livekit-server's `max_depth`. */
const MAX_QUEUE_LENGTH = 200
const MAX_QUEUES = 1_000

/** What happened; ids and times are filled in when it is announced. */
export type WebhookNews = PartialMessage<WebhookEvent> & {
  event: string
  room?: Room
  participant?: ParticipantInfo
  track?: TrackInfo
  egressInfo?: EgressInfo
}

export interface WebhookNotifierOptions {
  urls: readonly string[]
  authority: TokenAuthority
  /** Wait before each attempt. */
  retryDelaysMs: readonly number[]
  maxAgeSeconds: number
  logger: Logger
  counters: Counters
}

interface Entry {
  readonly event: WebhookEvent
  readonly queuedMs: number
}

/**
 * Delivers webhooks: in order within a key (a room, an egress) and URL, without order between them. An event is tried
 * again on broken connections, 429 and 5xx except 501; the next one of its queue waits meanwhile.
 */
export class WebhookNotifier {
  readonly #options: WebhookNotifierOptions
  readonly #queues = new Map<string, Entry[]>()
  readonly #running = new Set<Promise<void>>()
  readonly #abort = new AbortController()

  constructor(options: WebhookNotifierOptions) {
    this.#options = options
  }

  /** Queues an event; delivery goes on in the background. */
  notify(key: string, news: WebhookNews): void {
    if (this.#options.urls.length === 0 || this.#abort.signal.aborted) return
    // Serialised later, so a copy is taken of what may change meanwhile
    const event = new WebhookEvent({
      ...news,
      id: randomSid('EV_'),
      createdAt: BigInt(Math.floor(Date.now() / 1000)),
    }).clone()
    for (const url of this.#options.urls)
      this.#enqueue(`${url} ${key}`, url, { event, queuedMs: performance.now() })
  }

  /** Waits up to `waitMs` for what is queued, then drops the rest. */
  async close(waitMs: number): Promise<void> {
    const timeout = new AbortController()
    await Promise.race([
      Promise.all(this.#running),
      delay(waitMs, undefined, { signal: timeout.signal }).catch(() => undefined),
    ])
    timeout.abort()
    this.#abort.abort()
    await Promise.all(this.#running)
  }

  #enqueue(queueKey: string, url: string, entry: Entry): void {
    const queue = this.#queues.get(queueKey)
    if (queue ? queue.length >= MAX_QUEUE_LENGTH : this.#queues.size >= MAX_QUEUES) {
      this.#options.counters.add('webhook-dropped-full')
      this.#options.logger.warn({ url, event: entry.event.event }, 'webhook dropped: too many are waiting')
      return
    }
    if (queue) {
      queue.push(entry)
      return
    }
    const fresh = [entry]
    this.#queues.set(queueKey, fresh)
    const work = this.#drain(queueKey, url, fresh).finally(() => this.#running.delete(work))
    this.#running.add(work)
  }

  /** Never rejects. */
  async #drain(queueKey: string, url: string, queue: Entry[]): Promise<void> {
    const { counters, logger, maxAgeSeconds } = this.#options
    for (let entry = queue.shift(); entry && !this.#abort.signal.aborted; entry = queue.shift()) {
      const { event, queuedMs } = entry
      if (performance.now() - queuedMs > maxAgeSeconds * 1000) {
        counters.add('webhook-dropped-old')
        logger.warn({ url, event: event.event }, 'webhook dropped: it waited too long')
        continue
      }
      try {
        await this.#deliver(url, event)
      } catch (error) {
        counters.add('webhook-lost')
        logger.error({ err: error, url, event: event.event }, 'webhook could not be made')
      }
    }
    // In the same step that finds the queue empty: whatever is announced from here on starts a new one
    this.#queues.delete(queueKey)
  }

  async #deliver(url: string, event: WebhookEvent): Promise<void> {
    const body = JSON.stringify(event.toJson())
    const sha256 = createHash('sha256').update(body).digest('base64')
    let fault = ''
    for (const waitMs of this.#options.retryDelaysMs) {
      if (waitMs > 0) await delay(waitMs, undefined, { signal: this.#abort.signal }).catch(() => undefined)
      if (this.#abort.signal.aborted) return
      try {
        const authorization = await this.#options.authority.signBody(sha256, TOKEN_LIFETIME_SECONDS)
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': CONTENT_TYPE, authorization },
          body,
          signal: this.#abort.signal,
        })
        await response.body?.cancel()
        if (!isWorthRetrying(response.status)) return
        fault = `status ${response.status}`
      } catch (error) {
        fault = error instanceof Error ? error.message : String(error)
      }
    }
    this.#options.counters.add('webhook-lost')
    this.#options.logger.warn({ url, event: event.event, fault }, 'webhook lost after all attempts')
  }
}

function isWorthRetrying(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501)
}
