import { setTimeout as delay } from 'node:timers/promises'

/** Generous: only a case that fails waits that long. */
const LIMIT_MS = 150_000
const LOOK_AGAIN_MS = 250

/**
 * Waits until something is the case.
 * @param look may throw: what it throws ends the waiting
 * @returns the first answer that is neither undefined nor false
 */
export async function eventually<Answer>(
  what: string,
  look: () => Promise<Answer | undefined | false>,
  describe: () => string = () => '',
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<Answer> {
  const since = performance.now()
  for (;;) {
    const answer = await look()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() - since > LIMIT_MS)
      throw new Error(`waited in vain until ${what}. ${describe()}`.trim())
    await delay(lookAgainMs)
  }
}
