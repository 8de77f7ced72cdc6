import type { IncomingMessage } from 'node:http'
import { utf8Of } from '../http/s3-request.ts'

/**
 * The values of each header by lower-case name, without the space around them. From the raw headers: Node's own joining
 * drops repeats of some names, the client signed all of them.
 */
export function headerValues(message: IncomingMessage): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    const name = (message.rawHeaders[at] ?? '').toLowerCase()
    const value = utf8Of(message.rawHeaders[at + 1] ?? '').trim()
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return values
}
