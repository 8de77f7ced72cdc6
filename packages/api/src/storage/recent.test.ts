import { expect, it } from 'vitest'
import { createRecent } from './recent.ts'

it('forgets what was not asked for longest', () => {
  const recent = createRecent<number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  expect(recent.get('a')).toBe(1)
  recent.set('c', 3)
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3])
})

it('forgets what it is told to forget', () => {
  const recent = createRecent<number>(2)
  recent.set('a', 1)
  recent.set('a', undefined)
  expect(recent.get('a')).toBeUndefined()
})
