import { describe, expect, it } from 'vitest'
import { parseStat } from './processes.ts'

describe('parseStat', () => {
  it.each(['node', 'a) b (c', ''])('reads CPU time and parent of a process named "%s"', (name) => {
    const line = `4711 (${name}) S 12 4711 12 0 -1 4194560 5 0 0 0 250 50 0 0 20 0 11 0 100 0 0`
    expect(parseStat(line)).toEqual({ pid: 4711, parentPid: 12, cpuSeconds: 3 })
  })

  it('refuses what is no such line', () => {
    expect(() => parseStat('4711 (node) S')).toThrow(/Not a line/)
  })
})
