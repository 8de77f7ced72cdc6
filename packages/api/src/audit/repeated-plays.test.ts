import type { AuditEntry } from '@roomreel/contracts'
import { expect, it } from 'vitest'
import { createRepeatedPlays } from './repeated-plays.ts'

const played: AuditEntry = {
  at: 1_000,
  action: 'recording.played',
  actor: { kind: 'admin' },
  address: '192.0.2.1',
  recordingName: 'a.mp4',
}

it('tells a play once for as long as its URL is renewed', () => {
  const isRepeated = createRepeatedPlays(100)
  const at = (time: number, more: Partial<AuditEntry> = {}) => isRepeated({ ...played, at: time, ...more })
  expect([at(0), at(99), at(150), at(249)]).toEqual([false, true, true, true])
  expect(at(349)).toBe(false)
  expect(at(350, { address: '192.0.2.2' })).toBe(false)
  expect(at(350, { actor: { kind: 'anonymous' } })).toBe(false)
  expect(at(350, { recordingName: 'b.mp4' })).toBe(false)
})

it('tells of everything else each time', () => {
  const isRepeated = createRepeatedPlays(100)
  const downloaded = { ...played, action: 'recording.downloaded' } as const
  expect([isRepeated(downloaded), isRepeated(downloaded)]).toEqual([false, false])
})

it('remembers so many and no more', () => {
  const isRepeated = createRepeatedPlays(100)
  isRepeated(played)
  for (let player = 0; player < 10_000; player++) isRepeated({ ...played, address: String(player) })
  expect(isRepeated(played)).toBe(false)
})
