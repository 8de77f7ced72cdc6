import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { findSctpFault } from './sctp-framing.ts'

/** A packet of these chunks, each in hex, padded. */
function packet(...chunks: string[]): Buffer {
  return Buffer.from(['13881388', '00000001', '00000000', ...chunks].join(''), 'hex')
}

const COOKIE_ECHO = '0a000008aabbccdd'
const DATA = '00030015000000010000000000000033414243444500'.concat('0000')
const HEARTBEAT = '0400000c0001000801020304'

it.each([
  { what: 'one chunk', bytes: packet(COOKIE_ECHO) },
  { what: 'several, one of them padded', bytes: packet(COOKIE_ECHO, DATA, HEARTBEAT) },
  {
    what: 'SACK with two gap blocks',
    bytes: packet('03000018000000010001000000020000', '00020003', '00050005'),
  },
  { what: 'a type that is not known', bytes: packet('77000004') },
])('$what is sound', ({ bytes }) => {
  expect(findSctpFault(bytes)).toBeUndefined()
})

it.each([
  { what: 'no chunk', bytes: packet(), fault: 'sctp-too-short' },
  { what: 'a chunk of no length', bytes: packet('0a000000'), fault: 'sctp-chunk-length' },
  {
    what: 'a chunk shorter than its header',
    bytes: packet(COOKIE_ECHO, '0a000003'),
    fault: 'sctp-chunk-length',
  },
  { what: 'a chunk that is cut short', bytes: packet('0a00000caabbccdd'), fault: 'sctp-chunk-length' },
  {
    what: 'a parameter of no length',
    bytes: packet('0400000c0001000001020304'),
    fault: 'sctp-parameter-length',
  },
  { what: 'a parameter too long', bytes: packet('0400000c0001000901020304'), fault: 'sctp-parameter-length' },
  {
    what: 'an INIT whose parameter has no length',
    bytes: packet(`01000018${'00'.repeat(16)}80080000`),
    fault: 'sctp-parameter-length',
  },
  { what: 'a SACK without its fields', bytes: packet('0300000800000001'), fault: 'sctp-gap-blocks' },
  {
    what: 'a SACK with fewer gap blocks than it says',
    bytes: packet('03000010000000010001000000010000'),
    fault: 'sctp-gap-blocks',
  },
  {
    what: 'a SACK with the same run twice',
    bytes: packet('03000018000000010001000000020000', '0001ffff', '0001ffff'),
    fault: 'sctp-gap-blocks',
  },
])('$what: $fault', ({ bytes, fault }) => {
  expect(findSctpFault(bytes)).toBe(fault)
})

it('any bytes give an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(['string', 'undefined']).toContain(typeof findSctpFault(Buffer.concat([packet(), bytes])))
    }),
  )
})
