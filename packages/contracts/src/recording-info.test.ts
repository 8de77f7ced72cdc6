import { describe, expect, it } from 'vitest'
import { isPlayable, RecordingInfoSchema } from './recording-info.ts'

describe('RecordingInfoSchema', () => {
  it("reads a file of the tutorial's, with fractions and without a status", () => {
    const text = `{"id":"EG_1","name":"Test Room-RM_x-2025-01-01T120000.mp4","roomName":"Test Room","roomId":"RM_x",
      "startedAt":1735732800123.456,"duration":12.345678,"size":123456}`
    expect(RecordingInfoSchema.parse(JSON.parse(text))).toEqual({
      id: 'EG_1',
      name: 'Test Room-RM_x-2025-01-01T120000.mp4',
      roomName: 'Test Room',
      roomId: 'RM_x',
      startedAt: 1735732800123.456,
      duration: 12.345678,
      size: 123456,
      status: 'COMPLETE',
    })
  })
})

describe('isPlayable', () => {
  it.each([
    ['COMPLETE', 1, true],
    ['LIMIT_REACHED', 1, true],
    ['ABORTED', 1, true],
    ['FAILED', 1, true],
    ['FAILED', 0, false],
    ['STOPPING', 1, false],
    ['STARTED', 0, false],
  ] as const)('%s with %d bytes: %s', (status, size, expected) => {
    expect(isPlayable({ name: 'a.mp4', size, status })).toBe(expected)
  })
})
