import { expect, test } from 'vitest'
import type { StagePerson } from './stage.ts'
import { chooseStage, tilesOf } from './stage.ts'

const person = (identity: string, more: Partial<StagePerson> = {}): StagePerson => ({
  identity,
  screenSince: null,
  spokeAt: 0,
  hasCamera: false,
  ...more,
})

test.each([
  ['the grid has no stage', 'grid', [person('a', { spokeAt: 3 })], null],
  ['nobody, no stage', 'speaker', [], null],
  ['whoever spoke last', 'speaker', [person('a', { spokeAt: 1 }), person('b', { spokeAt: 2 })], 'camera:b'],
  [
    'the first camera while nobody speaks',
    'speaker',
    [person('a'), person('b', { hasCamera: true })],
    'camera:b',
  ],
  ['the first person if there is no camera', 'single-speaker', [person('a'), person('b')], 'camera:a'],
  [
    'a screen share wins, also in the grid',
    'grid',
    [person('a', { spokeAt: 9 }), person('b', { screenSince: 1 })],
    'screen:b',
  ],
  [
    'of two shares the newer',
    'speaker',
    [person('a', { screenSince: 5 }), person('b', { screenSince: 4 })],
    'screen:a',
  ],
] as const)('%s', (_, layout, people, stage) => {
  expect(chooseStage(layout, people)).toBe(stage)
})

test('screens come first, and everyone has a tile', () => {
  expect(tilesOf([person('a'), person('b', { screenSince: 1 })])).toEqual([
    'screen:b',
    'camera:a',
    'camera:b',
  ])
})
