/** How many times each id is there; the empty one, which stands for none, is not counted. */
export interface IdCount {
  /** @param by 1 or -1 */
  add(id: string, by: 1 | -1): void
  has(id: string): boolean
}

export function createIdCount(): IdCount {
  const counts = new Map<string, number>()
  return {
    add(id, by) {
      if (id === '') return
      const count = (counts.get(id) ?? 0) + by
      if (count > 0) counts.set(id, count)
      else counts.delete(id)
    },
    has: (id) => counts.has(id),
  }
}
