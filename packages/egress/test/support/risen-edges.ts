/** Gaps shorter than this do not end a flash or a beep. */
const SHORTEST_PAUSE_SECONDS = 0.2

/** The times at which something went on. @param points in order of time */
export function risenEdges(points: readonly { time: number; on: boolean }[]): number[] {
  const edges: number[] = []
  let lastOn = -Infinity
  for (const { time, on } of points) {
    if (!on) continue
    if (time - lastOn > SHORTEST_PAUSE_SECONDS) edges.push(time)
    lastOn = time
  }
  return edges
}
