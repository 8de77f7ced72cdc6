import { setTimeout as delay } from 'node:timers/promises'

const LIMIT_MS = 30_000
const INTERVAL_MS = 50

/**
 * Polls until `check` returns something truthy, and returns that.
 * @throws Error after 30 s
 */
export async function eventually<T>(what: string, check: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = performance.now() + LIMIT_MS
  for (;;) {
    const value = await check()
    if (value) return value
    if (performance.now() > deadline) throw new Error(`did not happen: ${what}`)
    await delay(INTERVAL_MS)
  }
}
