import { expect } from 'vitest'

/** Matches strings that contain `text`; vitest's own is typed `any`. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}

export function notContaining(text: string): unknown {
  return expect.not.stringContaining(text)
}

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

export function aNumber(): unknown {
  return expect.any(Number)
}
