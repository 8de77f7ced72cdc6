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
/** As livekit-server's queue. */
const MAX_QUEUE_LENGTH = 100
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
    if (queue) {
      if (queue.length >= MAX_QUEUE_LENGTH) {
        this.#options.counters.add('webhook-dropped-full')
        queue.shift()
      }
      queue.push(entry)
      return
    }
    if (this.#queues.size >= MAX_QUEUES) return this.#options.counters.add('webhook-dropped-full')
    const fresh = [entry]
    this.#queues.set(queueKey, fresh)
    const work = this.#drain(url, fresh)
      .catch((error: unknown) => this.#options.logger.error({ err: error, url }, 'webhook queue failed'))
      .finally(() => {
        this.#queues.delete(queueKey)
        this.#running.delete(work)
      })
    this.#running.add(work)
  }

  async #drain(url: string, queue: Entry[]): Promise<void> {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      if (this.#abort.signal.aborted) return
      if (performance.now() - entry.queuedMs > this.#options.maxAgeSeconds * 1000) {
        this.#options.counters.add('webhook-dropped-old')
        this.#options.logger.warn({ url, event: entry.event.event }, 'webhook dropped: it waited too long')
        continue
      }
      await this.#deliver(url, entry.event)
    }
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
