/** What was found out last about so many keys; of more, those that were not asked for longest are forgotten. */
export interface Recent<Value> {
  get(key: string): Value | undefined
  /** @param value undefined forgets the key */
  set(key: string, value: Value | undefined): void
}

/** @param limit most keys that are remembered */
export function createRecent<Value>(limit: number): Recent<Value> {
  // In the order in which they were last used
  const values = new Map<string, Value>()
  return {
    get(key) {
      const value = values.get(key)
      if (value === undefined) return undefined
      values.delete(key)
      values.set(key, value)
      return value
    },
    set(key, value) {
      values.delete(key)
      if (value === undefined) return
      values.set(key, value)
      if (values.size <= limit) return
      const [oldest] = values.keys()
      if (oldest !== undefined) values.delete(oldest)
    },
  }
}
