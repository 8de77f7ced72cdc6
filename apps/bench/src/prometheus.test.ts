import { expect, it } from 'vitest'
import { sumOf } from './prometheus.ts'

it('adds up what has labels, and leaves out what begins in the same way', () => {
  const text = '# TYPE calls counter\ncalls{a="1"} 2\ncalls{a="2 }"} 3.5\ncalls_total 7\nall 4\n'
  expect(sumOf(text, 'calls')).toBe(5.5)
  expect(sumOf(text, 'all')).toBe(4)
  expect(sumOf(text, 'none')).toBe(0)
})
