/**
 * Serial number arithmetic (RFC 1982): the only way sequence numbers and RTP timestamps are compared here,
 * because both wrap and a plain `<` is wrong around the wrap.
 */

const HALF_16 = 0x8000
const HALF_32 = 0x8000_0000

/** Keeps the low 16 bits: the value an RTP sequence number takes after adding an offset. */
export function uint16(value: number): number {
  return value & 0xffff
}

/** Keeps the low 32 bits as an unsigned number: the value an RTP timestamp takes after adding an offset. */
export function uint32(value: number): number {
  return value >>> 0
}

/** True when the 16-bit serial number `a` comes after `b`; values half the circle apart count as not newer. */
export function isNewer16(a: number, b: number): boolean {
  const distance = uint16(a - b)
  return distance !== 0 && distance < HALF_16
}

/** True when the 32-bit serial number `a` comes after `b`; values half the circle apart count as not newer. */
export function isNewer32(a: number, b: number): boolean {
  const distance = uint32(a - b)
  return distance !== 0 && distance < HALF_32
}

/** Signed distance from `b` to `a` on the 32-bit circle, from -2^31 to 2^31 - 1. */
export function distance32(a: number, b: number): number {
  return (a - b) | 0
}
