/** Keys that are remembered; beyond it the one that was first seen longest ago is forgotten. */
const MAX_KEYS = 10_000

/** So many events of one key in so much time. */
export interface WindowLimit {
  /** ms until another event of this key is allowed; 0 when one is allowed now. */
  waitMs(key: string): number
  count(key: string): void
}

/**
 * Counts events in windows that begin with the first of them.
 * @param limit events that a window has room for
 * @param now ms since the epoch
 */
export function createWindowLimit(limit: number, windowMs: number, now: () => number): WindowLimit {
  const windows = new Map<string, { readonly endsAt: number; events: number }>()
  const current = (key: string) => {
    const window = windows.get(key)
    return window && window.endsAt > now() ? window : undefined
  }
  return {
    waitMs(key) {
      const window = current(key)
      return window && window.events >= limit ? window.endsAt - now() : 0
    },
    count(key) {
      const window = current(key)
      if (window) {
        window.events += 1
        return
      }
      windows.delete(key)
      windows.set(key, { endsAt: now() + windowMs, events: 1 })
      const [oldest] = windows.keys()
      if (windows.size > MAX_KEYS && oldest !== undefined) windows.delete(oldest)
    },
  }
}
