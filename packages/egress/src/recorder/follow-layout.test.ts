import { expect, test } from 'vitest'
import { layoutOf } from './follow-layout.ts'

test.each([
  ['{"layout":"speaker-light"}', 'speaker-light'],
  ['{"layout":7}', undefined],
  ['{}', undefined],
  ['', undefined],
  ['speaker', undefined],
])('the layout in the metadata %j is %j', (metadata, layout) => {
  expect(layoutOf(metadata)).toBe(layout)
})
