import { describe, expect, it } from 'vitest'
import { checkInWords } from './check-in-words.ts'

describe('checkInWords', () => {
  it.each([
    ['verified', 'good', 'Verified'],
    ['short', 'warning', 'Shorter than it should be'],
    ['no audio', 'warning', 'No sound'],
    ['damaged', 'bad', 'Damaged'],
  ] as const)('%s', (check, tone, label) => {
    expect(checkInWords({ check })).toMatchObject({ tone, label })
  })

  it.each([{}, { check: 'missing' }] as const)('%j is no finding about a file', (recording) => {
    expect(checkInWords(recording)).toBeUndefined()
  })
})
