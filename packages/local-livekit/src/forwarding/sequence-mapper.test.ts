import { expect, it } from 'vitest'
import { uint16 } from '../serial-number.ts'
import { SequenceMapper } from './sequence-mapper.ts'

it('continues the outgoing numbers across the wrap', () => {
  const mapper = new SequenceMapper()
  mapper.restart(65_534, 10)
  expect([65_534, 65_535, 0, 1].map((number) => mapper.map(number))).toEqual([10, 11, 12, 13])
})

it('closes the gap of packets that are left out, and still places late ones before them', () => {
  const mapper = new SequenceMapper()
  mapper.restart(100, 0)
  expect(mapper.map(100)).toBe(0)
  mapper.skip(103)
  expect(mapper.map(104)).toBe(3)
  expect(mapper.map(101)).toBe(1)
  expect(mapper.map(102)).toBe(2)
  mapper.skip(105)
  expect(mapper.map(106)).toBe(4)
  expect(mapper.map(102)).toBe(2)
})

it('does not place packets from before its start', () => {
  const mapper = new SequenceMapper()
  mapper.restart(100, 500)
  expect(mapper.map(99)).toBe(-1)
})

it('goes on for several rounds of the circle, with and without packets left out', () => {
  const mapper = new SequenceMapper()
  mapper.restart(65_000, 7)
  let outgoing = 7
  let wrong = 0
  for (let i = 0; i < 300_000; i++) {
    const incoming = uint16(65_000 + i)
    if (i > 0 && i % 1_000 === 0) mapper.skip(incoming)
    else if (mapper.map(incoming) !== uint16(outgoing++)) wrong++
  }
  expect(wrong).toBe(0)
})
