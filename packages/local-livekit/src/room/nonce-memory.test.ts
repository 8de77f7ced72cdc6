import { expect, it } from 'vitest'
import { NONCE_LENGTH, NonceMemory } from './nonce-memory.ts'

const nonce = (byte: number, length = NONCE_LENGTH): Uint8Array => new Uint8Array(length).fill(byte)

it('knows the last hundred nonces again', () => {
  const memory = new NonceMemory()
  for (let byte = 0; byte < 100; byte++) expect(memory.hasSeen(nonce(byte))).toBe(false)
  expect(memory.hasSeen(nonce(0))).toBe(true)
  expect(memory.hasSeen(nonce(99))).toBe(true)
  expect(memory.hasSeen(nonce(100))).toBe(false)
  expect(memory.hasSeen(nonce(1))).toBe(true)
  expect(memory.hasSeen(nonce(0))).toBe(false)
})

it.each([0, 15, 17])('takes %i bytes for no nonce', (length) => {
  const memory = new NonceMemory()
  expect(memory.hasSeen(nonce(1, length))).toBe(false)
  expect(memory.hasSeen(nonce(1, length))).toBe(false)
})
