import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { startChecksum } from './checksum-algorithm.ts'
import { combineCrc } from './combine-crc.ts'

it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('gives the %s of two texts on end', (algorithm) => {
  const crcOf = (...texts: readonly Uint8Array[]): Buffer => {
    const running = startChecksum(algorithm)
    for (const text of texts) running.update(Buffer.from(text))
    return running.digest()
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
      expect(combineCrc(algorithm, crcOf(first), crcOf(second), second.length)).toEqual(crcOf(first, second))
    }),
  )
})
