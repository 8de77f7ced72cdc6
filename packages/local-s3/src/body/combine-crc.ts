import type { ChecksumAlgorithm } from './checksum-algorithm.ts'
import { CRC32_POLYNOMIAL, CRC32C_POLYNOMIAL, CRC64NVME_POLYNOMIAL } from './crc.ts'

/** All three are reflected. */
const CRCS = {
  CRC32: { polynomial: BigInt(CRC32_POLYNOMIAL), bits: 32n },
  CRC32C: { polynomial: BigInt(CRC32C_POLYNOMIAL), bits: 32n },
  CRC64NVME: { polynomial: CRC64NVME_POLYNOMIAL, bits: 64n },
} as const

export type CrcAlgorithm = keyof typeof CRCS

export function isCrc(algorithm: ChecksumAlgorithm): algorithm is CrcAlgorithm {
  return Object.hasOwn(CRCS, algorithm)
}

/**
 * The CRC of two texts on end, of which only the CRCs are known: that of the first is moved on by as many zero bits as
 * the second has, which is a multiplication by a power of x modulo the polynomial.
 *
 * @param first, second big-endian @param length of the second in bytes
 */
export function combineCrc(algorithm: CrcAlgorithm, first: Buffer, second: Buffer, length: number): Buffer {
  const { polynomial, bits } = CRCS[algorithm]
  const multiply = (a: bigint, b: bigint): bigint => {
    let product = 0n
    let shifted = b
    for (let bit = bits - 1n; bit >= 0n; bit -= 1n) {
      if ((a >> bit) & 1n) product ^= shifted
      shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n
    }
    return product
  }
  // Reflected: the highest bit is 1, the one below it x
  let power = 1n << (bits - 1n)
  let square = 1n << (bits - 2n)
  for (let exponent = BigInt(length) * 8n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) power = multiply(power, square)
    square = multiply(square, square)
  }
  const combined = multiply(toBigInt(first), power) ^ toBigInt(second)
  return Buffer.from(combined.toString(16).padStart(Number(bits) / 4, '0'), 'hex')
}

function toBigInt(crc: Buffer): bigint {
  return BigInt(`0x${crc.toString('hex')}`)
}
