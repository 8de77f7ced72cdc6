import { describe, expect, it } from 'vitest'
import { partsOfName } from './parts-of-name.ts'

describe('partsOfName', () => {
  it.each([
    ['Team-RM_abc123-2026-11-23T101112.mp4', 'Team', 'RM_abc123', Date.UTC(2026, 10, 23, 10, 11, 12)],
    ['a-RM_b-c-RM_d-2026-01-02T030405.mp4', 'a-RM_b-c', 'RM_d', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['会议 室-RM_x1-2026-01-02T030405.mp4', '会议 室', 'RM_x1', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['Room-RM_x-7.mp4', 'Room', 'RM_x', undefined],
    ['Room-RM_x-2026-99-02T030405.mp4', 'Room', 'RM_x', undefined],
    ['holiday.mp4', 'holiday', '', undefined],
    ['.mp4', '', '', undefined],
  ])('%s', (name, roomName, roomId, startedAt) => {
    expect(partsOfName(name)).toEqual({ roomName, roomId, startedAt })
  })
})
