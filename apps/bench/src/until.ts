import { setTimeout as delay } from 'node:timers/promises'

const LIMIT_MS = 120_000

/**
 * Asks again and again until there is an answer.
 * @param what completes "waited in vain until …"
 * @throws Error when there is none within the limit, two minutes unless told
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  { intervalMs = 20, limitMs = LIMIT_MS }: { readonly intervalMs?: number; readonly limitMs?: number } = {},
): Promise<T> {
  const giveUpAt = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}.`)
    await delay(intervalMs)
  }
}
