/** What a bundle says of one chunk. */
export interface ChunkImports {
  readonly isEntry: boolean
  /** File names that it imports statically. */
  readonly imports: readonly string[]
}

/** File names of the entries and of all that they import statically, however far away. Pure. */
export function firstLoadChunks(chunks: ReadonlyMap<string, ChunkImports>): Set<string> {
  const reached = new Set<string>()
  const waiting = [...chunks].filter(([, chunk]) => chunk.isEntry).map(([fileName]) => fileName)
  for (let fileName = waiting.pop(); fileName !== undefined; fileName = waiting.pop()) {
    if (reached.has(fileName)) continue
    reached.add(fileName)
    waiting.push(...(chunks.get(fileName)?.imports ?? []))
  }
  return reached
}
