import { createHash, randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { MessageType } from './envelope.ts'
import { decodeEnvelope, encodeEnvelope } from './envelope.ts'

/** For how long a message counts as taken by one of a queue's subscribers, in seconds; psrpc's own. */
const QUEUE_LOCK_SECONDS = 5
const LONGEST_RETRY_MS = 2000

export interface Subscription {
  channel: string
  /** The one message that is expected there; others are ignored. */
  type: MessageType
  /** Of all processes that subscribe, only one gets each message. */
  isQueue?: boolean
  onMessage: (value: Uint8Array) => void
}

/**
 * psrpc's message bus on Redis: messages by PUBLISH and SUBSCRIBE, without any memory. Connections come back
 * by themselves, subscriptions with them.
 */
export class RedisBus {
  /** For ordinary commands. Fails at once while Redis is away: what waits is tried again by whoever asks. */
  readonly redis: Redis
  readonly #subscriber: Redis
  readonly #logger: Logger
  readonly #subscriptions = new Map<string, Subscription>()

  /** @param url redis:// or rediss:// */
  constructor(url: string, logger: Logger) {
    this.#logger = logger
    const retryStrategy = (attempt: number): number => Math.min(attempt * 100, LONGEST_RETRY_MS)
    this.redis = new Redis(url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, retryStrategy })
    this.#subscriber = new Redis(url, { maxRetriesPerRequest: null, retryStrategy })
    this.#logConnection(this.redis)
    this.#subscriber.on('error', () => undefined)
    this.#subscriber.on('messageBuffer', (channel: Buffer, payload: Buffer) => {
      const subscription = this.#subscriptions.get(channel.toString())
      if (!subscription) return
      this.#receive(subscription, payload).catch((error: unknown) => {
        this.#logger.warn({ err: error, channel: subscription.channel }, 'message on Redis not understood')
      })
    })
  }

  /** Whether messages get through at this moment. */
  get isConnected(): boolean {
    return this.redis.status === 'ready' && this.#subscriber.status === 'ready'
  }

  /** Resolves when Redis has taken the message. @throws while Redis is away */
  async publish(channel: string, type: MessageType, value: Uint8Array): Promise<void> {
    await this.redis.publish(channel, Buffer.from(encodeEnvelope(type, value)))
  }

  /** Resolves when messages arrive, which takes as long as Redis is away. */
  async subscribe(subscription: Subscription): Promise<void> {
    this.#subscriptions.set(subscription.channel, subscription)
    await this.#subscriber.subscribe(subscription.channel)
  }

  async unsubscribe(channel: string): Promise<void> {
    this.#subscriptions.delete(channel)
    await this.#subscriber.unsubscribe(channel)
  }

  close(): void {
    this.#subscriptions.clear()
    this.redis.disconnect()
    this.#subscriber.disconnect()
  }

  async #receive({ type, isQueue, onMessage }: Subscription, payload: Buffer): Promise<void> {
    if (isQueue && !(await this.#isFirst(payload))) return
    const envelope = decodeEnvelope(payload)
    if (envelope.type === type) onMessage(envelope.value)
  }

  /** The first to lock the message's hash has it, as psrpc's Redis bus does it. */
  async #isFirst(payload: Buffer): Promise<boolean> {
    const key = createHash('sha256').update(payload).digest('base64')
    return (await this.redis.set(key, randomUUID(), 'EX', QUEUE_LOCK_SECONDS, 'NX')) === 'OK'
  }

  #logConnection(redis: Redis): void {
    let wasTold = false
    redis.on('error', (error: unknown) => {
      if (!wasTold) this.#logger.warn({ err: error }, 'Redis can not be reached')
      wasTold = true
    })
    redis.on('ready', () => {
      wasTold = false
      this.#logger.info('connected to Redis')
    })
  }
}
