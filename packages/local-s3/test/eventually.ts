import { setTimeout as pause } from 'node:timers/promises'

const LIMIT_MS = 20_000

/** Waits until a condition holds. The pause is only how often it looks; the limit is generous and costs nothing. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + LIMIT_MS
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error('The condition never came to hold')
    await pause(10)
  }
}
