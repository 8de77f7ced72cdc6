import { describe, expect, it } from 'vitest'
import { judgeFile } from './judge-file.ts'
import type { Mp4Facts } from './read-mp4-facts.ts'

const GOOD: Mp4Facts = { durationSeconds: 100, hasVideo: true, hasAudio: true, isWhole: true }

describe('judgeFile', () => {
  it.each([
    ['verified', GOOD, 100],
    ['verified', GOOD, 0],
    ['verified', GOOD, 105],
    ['short', GOOD, 105.3],
    ['damaged', undefined, 0],
    ['damaged', { ...GOOD, isWhole: false }, 100],
    ['damaged', { ...GOOD, hasVideo: false }, 100],
    ['damaged', { ...GOOD, durationSeconds: 0 }, 0],
    ['no audio', { ...GOOD, hasAudio: false }, 100],
    ['short', { ...GOOD, hasAudio: false }, 200],
    ['damaged', { ...GOOD, hasVideo: false, hasAudio: false }, 200],
  ])('%s: %j where %d s were said', (check, facts, duration) => {
    expect(judgeFile(facts, { duration })).toBe(check)
  })

  it('lets a short recording lack three seconds, and a long one a twentieth', () => {
    const judge = (durationSeconds: number, duration: number) =>
      judgeFile({ ...GOOD, durationSeconds }, { duration })
    expect([judge(1, 4), judge(0.9, 4)]).toEqual(['verified', 'short'])
    expect([judge(3420, 3600), judge(3419, 3600)]).toEqual(['verified', 'short'])
  })

  it('has nothing against a file that is longer than was said', () => {
    expect(judgeFile(GOOD, { duration: 1 })).toBe('verified')
  })
})
