import { expect, it } from 'vitest'
import { selectLayer } from './layer-selection.ts'

const NOW = 10_000
const alive = (layer: number): { layer: number; lastPacketMs: number } => ({ layer, lastPacketMs: NOW - 50 })
const silent = (layer: number, forMs: number): { layer: number; lastPacketMs: number } => ({
  layer,
  lastPacketMs: NOW - forMs,
})

it.each([
  {
    what: 'the highest that is alive',
    layers: [alive(0), alive(1), alive(2)],
    max: 2,
    current: undefined,
    expected: 2,
  },
  {
    what: 'not above the limit',
    layers: [alive(0), alive(1), alive(2)],
    max: 1,
    current: undefined,
    expected: 1,
  },
  {
    what: 'down when the limit falls',
    layers: [alive(0), alive(1), alive(2)],
    max: 0,
    current: 2,
    expected: 0,
  },
  { what: 'up when a higher one comes', layers: [alive(0), alive(1)], max: 2, current: 0, expected: 1 },
  {
    what: 'the current one through a pause',
    layers: [alive(0), silent(2, 1_000)],
    max: 2,
    current: 2,
    expected: 2,
  },
  {
    what: 'down after a long silence',
    layers: [alive(0), silent(2, 1_600)],
    max: 2,
    current: 2,
    expected: 0,
  },
  {
    what: 'the current one when all are silent',
    layers: [silent(0, 5_000), silent(2, 5_000)],
    max: 2,
    current: 2,
    expected: 2,
  },
  { what: 'nothing when nothing is there', layers: [], max: 2, current: undefined, expected: undefined },
  {
    what: 'nothing below a limit nobody sends under',
    layers: [alive(1)],
    max: 0,
    current: undefined,
    expected: undefined,
  },
])('selects $what', ({ layers, max, current, expected }) => {
  expect(selectLayer(layers, max, current, NOW)).toBe(expected)
})
