import { expect, test } from 'vitest'
import { decodeClaimRequest, decodeClaimResponse, encodeClaimRequest, encodeClaimResponse } from './claim.ts'

test('an offer carries its affinity as a fixed32 float', () => {
  const offer = { requestId: 'R', serverId: 'S', affinity: 0.5, isHandling: false }
  const bytes = encodeClaimRequest(offer)
  expect(Buffer.from(bytes).toString('hex')).toBe('0a01521201531d0000003f')
  expect(decodeClaimRequest(bytes)).toEqual(offer)
})

test('an offer of a server that is at it already says so', () => {
  const offer = { requestId: 'R', serverId: 'S', affinity: 1, isHandling: true }
  expect(decodeClaimRequest(encodeClaimRequest(offer))).toEqual(offer)
})

test('a granted claim is read, and fields of newer servers are skipped', () => {
  const bytes = encodeClaimResponse({ requestId: 'R', serverId: 'S' })
  expect(Buffer.from(bytes).toString('hex')).toBe('0a0152120153')
  expect(decodeClaimResponse(Buffer.concat([bytes, Buffer.from('20015a0178', 'hex')]))).toEqual({
    requestId: 'R',
    serverId: 'S',
  })
})

test('a claim that is cut off is an error', () => {
  expect(() => decodeClaimResponse(Buffer.from('0a0552', 'hex'))).toThrow('premature EOF')
})
