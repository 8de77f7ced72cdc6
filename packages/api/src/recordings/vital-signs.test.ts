import type { RecordingInfo } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import type { HeldClaim } from './claim.ts'
import { type Observation, vitalSigns } from './vital-signs.ts'

const running: RecordingInfo = {
  id: 'EG_1',
  name: '',
  roomName: 'room',
  roomId: 'RM_1',
  startedAt: 1_000,
  duration: 0,
  size: 0,
  status: 'STARTED',
  updatedAt: 1_000,
}
const claim: HeldClaim = {
  state: 'held',
  roomName: 'room',
  roomId: 'RM_1',
  layout: 'grid',
  requestedAt: 0,
  expiresAt: 45_000,
  recording: running,
}
const seen = { ...claim, isRecorderSeen: true }
const well: Observation = { listed: running, isRoomThere: true, isRecorderThere: true }
const starting = { ...running, status: 'STARTING' as const }

describe('vitalSigns', () => {
  it.each<[string, HeldClaim, Partial<Observation>, number, 'alive' | 'silent' | 'hopeless']>([
    ['runs, its recorder in the room', seen, {}, 10_000, 'alive'],
    ["has run for hours without a word, as LiveKit's own Egress does", seen, {}, 9_000_000, 'alive'],
    [
      'runs, though its recorder goes by a name we do not know',
      claim,
      { isRecorderThere: false },
      10_000,
      'alive',
    ],
    ['starts', claim, { listed: starting, isRecorderThere: false }, 29_000, 'alive'],
    ['never gets going', claim, { listed: starting, isRecorderThere: false }, 30_000, 'hopeless'],
    ['is unknown to LiveKit', seen, { listed: undefined }, 10_000, 'silent'],
    ['has lost its recorder', seen, { isRecorderThere: false }, 10_000, 'silent'],
    ['goes on after its room', seen, { isRoomThere: false, isRecorderThere: false }, 10_000, 'silent'],
    ['tells its progress', claim, { listed: { ...running, updatedAt: 60_000 } }, 100_000, 'alive'],
    [
      'told its progress, and does no more',
      claim,
      { listed: { ...running, updatedAt: 60_000 } },
      106_000,
      'silent',
    ],
    [
      'saves its file, however long that takes',
      seen,
      { listed: { ...running, status: 'STOPPING' }, isRoomThere: false, isRecorderThere: false },
      9_000_000,
      'alive',
    ],
  ])('a recording that %s', (_what, of, seenOfIt, now, expected) => {
    const signs = vitalSigns(of, { ...well, ...seenOfIt }, now)
    const verdict = signs.isAlive ? 'alive' : signs.isHopeless ? 'hopeless' : 'silent'
    expect(verdict).toBe(expected)
  })
})
