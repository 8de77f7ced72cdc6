import { TwirpError } from './twirp-error.ts'

/** Most bytes of UTF-8 that livekit-server takes by default, and what it says of more (its `limit` configuration). */
const LIMITS = {
  name: { bytes: 256, text: 'name length exceeds limits' },
  metadata: { bytes: 512 * 1024, text: 'metadata size exceeds limits' },
  attributes: { bytes: 64 * 1024, text: 'attribute size exceeds limits' },
} as const

/** @throws TwirpError 400 when the value is too large; of attributes, keys and values count */
export function requireSize(what: keyof typeof LIMITS, ...values: readonly string[]): void {
  const { bytes, text } = LIMITS[what]
  const size = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0)
  if (size > bytes) throw new TwirpError('invalid_argument', `${text} ${bytes}`, { argument: text })
}
