import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32.ts'
import { hasIntegrity, parseBindingRequest, serializeBindingSuccess } from './stun-message.ts'

/** RFC 5769, section 2.1: a request with integrity and fingerprint. */
const RFC_REQUEST = Buffer.from(
  '000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74' +
    '002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020' +
    '000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf',
  'hex',
)
const RFC_PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt'

describe('STUN', () => {
  it('reads the request of RFC 5769 and checks its integrity', () => {
    const request = parseBindingRequest(RFC_REQUEST)
    if (typeof request === 'string') throw new Error(request)
    expect(request.username).toBe('evtj:h6vY')
    expect(request.nominates).toBe(false)
    expect(hasIntegrity(request, RFC_PASSWORD)).toBe(true)
    expect(hasIntegrity(request, `${RFC_PASSWORD}x`)).toBe(false)
  })

  it('gives a request or a reason for every prefix and for any bytes', () => {
    for (let length = 0; length < RFC_REQUEST.length; length++)
      expect(typeof parseBindingRequest(RFC_REQUEST.subarray(0, length))).toBe('string')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['string', 'object']).toContain(typeof parseBindingRequest(Buffer.from(bytes)))
      }),
    )
  })

  it('notices any changed byte before the integrity', () => {
    fc.assert(
      fc.property(fc.nat(RFC_REQUEST.length - 33), (position) => {
        const forged = Buffer.from(RFC_REQUEST)
        forged[position] = (forged[position] ?? 0) ^ 0x40
        const request = parseBindingRequest(forged)
        expect(typeof request === 'string' || !hasIntegrity(request, RFC_PASSWORD)).toBe(true)
      }),
    )
  })

  it('answers with the address, integrity and fingerprint', () => {
    const transactionId = RFC_REQUEST.subarray(8, 20)
    // RFC 5769, section 2.2: this address and port look so
    const response = serializeBindingSuccess(transactionId, '192.0.2.1', 32_853, RFC_PASSWORD)
    expect(response.subarray(8, 20)).toEqual(transactionId)
    expect(response.toString('hex', 24, 32)).toBe('0001a147e112a643')
    const covered = Buffer.from(response.subarray(0, 32))
    covered.writeUInt16BE(36, 2)
    const integrity = createHmac('sha1', RFC_PASSWORD).update(covered).digest()
    expect(response.subarray(36, 56)).toEqual(integrity)
    expect(response.readUInt32BE(60)).toBe((crc32(response.subarray(0, 56)) ^ 0x5354554e) >>> 0)
  })

  it('computes the well-known checksum', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf4_3926)
  })
})
