import type { RedisBus } from './psrpc/redis-bus.ts'

/** Egress id → id of the worker that has it. */
const HOLDERS = 'roomreel:egress:holders'
const aliveKey = (workerId: string): string => `roomreel:egress:alive:${workerId}`
const takeOverKey = (egressId: string): string => `roomreel:egress:take-over:${egressId}`

/**
 * Says in Redis that a worker lives and which egresses it has, so that others notice when it is gone: nothing
 * else would, LiveKit shows such an egress as running for ever.
 */
export class WorkerLease {
  readonly #bus: RedisBus
  readonly #workerId: string
  readonly #seconds: number

  /** @param seconds without a renewal after which the worker counts as gone */
  constructor(bus: RedisBus, workerId: string, seconds: number) {
    this.#bus = bus
    this.#workerId = workerId
    this.#seconds = seconds
  }

  /** For all egresses the worker has. */
  async renew(egressIds: readonly string[]): Promise<void> {
    const change = this.#bus.redis.multi().set(aliveKey(this.#workerId), '1', 'EX', this.#seconds)
    for (const egressId of egressIds) change.hset(HOLDERS, egressId, this.#workerId)
    await change.exec()
  }

  /** The egress has ended and LiveKit knows. */
  async release(egressId: string): Promise<void> {
    await this.#bus.redis.hdel(HOLDERS, egressId)
  }

  /** A worker that ends: what it still has may be taken over at once. */
  async end(): Promise<void> {
    await this.#bus.redis.del(aliveKey(this.#workerId))
  }

  /** Egresses whose worker is gone, and that no other worker is looking after at this moment. */
  async takeOrphans(): Promise<string[]> {
    const holders = Object.entries(await this.#bus.redis.hgetall(HOLDERS))
    const isAlive = new Map<string, boolean>()
    for (const workerId of new Set(holders.map(([, holder]) => holder))) {
      isAlive.set(workerId, (await this.#bus.redis.exists(aliveKey(workerId))) === 1)
    }
    const orphans = holders.filter(([, holder]) => isAlive.get(holder) === false)
    const taken: string[] = []
    for (const [egressId] of orphans) {
      const lock = await this.#bus.redis.set(takeOverKey(egressId), this.#workerId, 'EX', this.#seconds, 'NX')
      if (lock === 'OK') taken.push(egressId)
    }
    return taken
  }
}
