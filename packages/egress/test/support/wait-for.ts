import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 50

/** Waits until a probe gives something other than null, undefined or false. */
export async function waitFor<T>(
  what: string,
  probe: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  limitMs = 40_000,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const value = await probe()
    if (value !== null && value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`)
    await delay(POLL_MS)
  }
}
