import { expect, it } from 'vitest'
import { createGuessDelay } from './guess-delay.ts'

const MINUTE = 60_000

it('lets ten guesses through, and makes each further one wait twice as long', () => {
  let now = 0
  const delay = createGuessDelay(10 * MINUTE, () => now)
  const waits = Array.from({ length: 13 }, () => {
    delay.fail('eve')
    const wait = delay.waitMs('eve')
    now += wait
    return wait / MINUTE
  })
  expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8])
  expect(delay.waitMs('ann')).toBe(0)
})

it('gives who never stops no more than ten guesses in any minute, and one in ten in the end', () => {
  let now = 0
  const delay = createGuessDelay(10 * MINUTE, () => now)
  const guesses: number[] = []
  for (; now < 24 * 60 * MINUTE; now += 1_000) {
    if (delay.waitMs('eve') > 0) continue
    delay.fail('eve')
    guesses.push(now)
  }
  const inTheMinuteAfter = (start: number) =>
    guesses.filter((at) => at >= start && at < start + MINUTE).length
  expect(Math.max(...guesses.map(inTheMinuteAfter))).toBe(10)
  expect(guesses.length).toBeLessThan(10 + 24 * 6 + 10)
})

it('forgives in time, and forgets who was right', () => {
  let now = 0
  const delay = createGuessDelay(MINUTE, () => now)
  for (let guess = 0; guess < 9; guess++) delay.fail('ann')
  now += 9 * MINUTE
  for (let guess = 0; guess < 9; guess++) delay.fail('ann')
  expect(delay.waitMs('ann')).toBe(0)
  delay.forget('ann')
  for (let guess = 0; guess < 9; guess++) delay.fail('ann')
  expect(delay.waitMs('ann')).toBe(0)
  delay.fail('ann')
  expect(delay.waitMs('ann')).toBe(MINUTE)
})

it('remembers so many and no more', () => {
  const delay = createGuessDelay(MINUTE, () => 0)
  for (let guess = 0; guess < 10; guess++) delay.fail('first')
  for (let key = 0; key < 10_000; key++) delay.fail(String(key))
  expect(delay.waitMs('first')).toBe(0)
})
