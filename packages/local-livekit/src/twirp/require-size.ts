import { findOversized, SIZE_LIMITS } from '../room/size-limits.ts'
import { TwirpError } from './twirp-error.ts'

const TEXTS = {
  name: 'name length exceeds limits',
  metadata: 'metadata size exceeds limits',
  attributes: 'attribute size exceeds limits',
} as const

/** @throws TwirpError 400 when a part is too large */
export function requireSize(parts: Parameters<typeof findOversized>[0]): void {
  const oversized = findOversized(parts)
  if (oversized === undefined) return
  const text = TEXTS[oversized]
  throw new TwirpError('invalid_argument', `${text} ${SIZE_LIMITS[oversized]}`, { argument: text })
}
