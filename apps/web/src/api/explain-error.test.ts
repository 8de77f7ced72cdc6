import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { explainError } from './explain-error.ts'

function answer(code: string, message: string, path = 'rooms.join'): TRPCClientError<never> {
  return TRPCClientError.from({ error: { code: -32600, message, data: { code, httpStatus: 400, path } } })
}

describe('explainError', () => {
  it.each([
    [
      "the server's own words",
      answer('CONFLICT', 'This meeting is being recorded already.'),
      { message: 'This meeting is being recorded already.', code: 'CONFLICT', isTransient: false },
    ],
    [
      'without the name of a field, which is for programs',
      answer('BAD_REQUEST', "roomName: The room name can't be empty."),
      { message: "The room name can't be empty.", code: 'BAD_REQUEST', isTransient: false },
    ],
    [
      'what may work in a moment',
      answer('SERVICE_UNAVAILABLE', 'LiveKit does not answer.'),
      { message: 'LiveKit does not answer.', code: 'SERVICE_UNAVAILABLE', isTransient: true },
    ],
    [
      'a server that is not there',
      new TRPCClientError('Failed to fetch'),
      { code: undefined, isTransient: true, details: 'Network: Failed to fetch' },
    ],
    [
      'a fault of the page',
      new TypeError('x is not a function'),
      { code: undefined, isTransient: false, details: 'TypeError: x is not a function' },
    ],
    ['what is no error at all', 'oh', { code: undefined, details: undefined }],
  ])('%s', (_what, error, expected) => {
    expect(explainError(error)).toMatchObject(expected)
  })

  it('puts what is technical into the details', () => {
    expect(explainError(answer('CONFLICT', 'No.', 'recordings.start')).details).toBe(
      'CONFLICT (recordings.start)',
    )
  })

  it('never shows the words of a thrown error, which are not made for people', () => {
    expect(explainError(new TypeError('x is not a function')).message).not.toContain('function')
  })
})
