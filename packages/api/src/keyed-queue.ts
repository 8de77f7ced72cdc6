/** Runs work of the same key one after the other, and of different keys side by side. */
export interface KeyedQueue {
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>
}

export function createKeyedQueue(): KeyedQueue {
  /** The last work of each key; it is dropped when nothing waits behind it. */
  const tails = new Map<string, Promise<void>>()
  return {
    run(key, work) {
      const result = (tails.get(key) ?? Promise.resolve()).then(work)
      // The caller of `run` gets the error; who comes next must not
      const tail = result
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => {
          if (tails.get(key) === tail) tails.delete(key)
        })
      tails.set(key, tail)
      return result
    },
  }
}
