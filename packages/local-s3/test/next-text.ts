import type { EventEmitter } from 'node:events'

/** The text that the next event of that name brings. */
export async function nextText(emitter: EventEmitter, event: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    emitter.once(event, (text: unknown) => resolve(String(text)))
    emitter.once('error', reject)
  })
}
