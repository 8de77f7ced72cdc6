import * as fc from 'fast-check'
import { crc32 as nativeCrc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { crc32, crc32c, crc64nvme } from './crc.ts'

describe('CRCs', () => {
  // Check values of the catalogue: https://reveng.sourceforge.io/crc-catalogue/all.htm
  it.each([
    { name: 'CRC-32', start: crc32, check: 'cbf43926' },
    { name: 'CRC-32C', start: crc32c, check: 'e3069283' },
    { name: 'CRC-64/NVME', start: crc64nvme, check: 'ae8b14860a799888' },
  ])('$name of 123456789 is $check, in one piece or two', ({ start, check }) => {
    const whole = start()
    whole.update(Buffer.from('123456789'))
    expect(whole.digest().toString('hex')).toBe(check)
    const pieces = start()
    pieces.update(Buffer.from('1234'))
    pieces.update(Buffer.from('56789'))
    expect(pieces.digest().toString('hex')).toBe(check)
  })

  it('is that of zlib for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const crc = crc32()
        crc.update(bytes)
        expect(crc.digest().readUInt32BE()).toBe(nativeCrc32(bytes))
      }),
    )
  })
})
