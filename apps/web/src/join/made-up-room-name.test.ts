import { RoomNameSchema } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import { madeUpRoomName } from './made-up-room-name.ts'

describe('madeUpRoomName', () => {
  it.each([
    ['the first of all', 0, 'Bright Harbour 1'],
    ['the last of all', 0.999_999, 'Wise Piano 999'],
  ])('takes %s', (_what, number, expected) => {
    expect(madeUpRoomName(() => number)).toBe(expected)
  })

  it('makes names that the server takes', () => {
    for (let tries = 0; tries < 200; tries++) {
      expect(RoomNameSchema.safeParse(madeUpRoomName()).success).toBe(true)
    }
  })
})
