import { describe, expect, it } from 'vitest'
import { audioLevel } from './audio-level.ts'

describe('audioLevel', () => {
  it.each([
    ['no samples', [], 0],
    ['silence', [0, 0, 0, 0], 0],
    ['full scale', [1, -1, 1, -1], 1],
    ['half the decibels (-30 dB)', [0.031_622_8, -0.031_622_8], 0.5],
    ['below the floor', [0.0001], 0],
  ])('%s', (_what, samples, expected) => {
    expect(audioLevel(Float32Array.from(samples))).toBeCloseTo(expected, 4)
  })
})
