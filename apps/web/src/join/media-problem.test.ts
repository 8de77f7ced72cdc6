import { describe, expect, it } from 'vitest'
import { mediaProblemOf, mediaProblemText } from './media-problem.ts'

describe('mediaProblemOf', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
  ])('reads %s as %s', (name, expected) => {
    expect(mediaProblemOf(new DOMException('', name))).toBe(expected)
  })

  it('takes what is no error for a device that does not start', () => {
    expect(mediaProblemOf('no')).toBe('busy')
  })
})

describe('mediaProblemText', () => {
  it.each(['denied', 'missing', 'busy', 'insecure'] as const)('names the device when it is %s', (problem) => {
    expect(mediaProblemText('camera', problem)).toContain('camera')
    expect(mediaProblemText('microphone', problem)).toContain('microphone')
  })
})
