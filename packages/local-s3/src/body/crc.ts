import zlib from 'node:zlib'

/** A running checksum: chunks go in, the value comes out big-endian as S3 writes it. */
export interface RunningChecksum {
  update(chunk: Uint8Array): void
  digest(): Buffer
}

/** Polynomials in reflected form. */
export const CRC32_POLYNOMIAL = 0xedb88320
export const CRC32C_POLYNOMIAL = 0x82f63b78
export const CRC64NVME_POLYNOMIAL = 0x9a6c9329ac4bc9b5n

function table32(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
    return value
  })
}

function crc32OfTable(table: Uint32Array): RunningChecksum {
  let value = 0xffffffff
  return {
    update(chunk) {
      // In a local variable, which the compiler keeps in a register: several times as fast
      let crc = value
      for (let at = 0; at < chunk.length; at += 1)
        crc = (crc >>> 8) ^ (table[(crc ^ (chunk[at] ?? 0)) & 0xff] ?? 0)
      value = crc
    },
    digest() {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(~value >>> 0)
      return bytes
    },
  }
}

const CRC32_TABLE = table32(CRC32_POLYNOMIAL)
const CRC32C_TABLE = table32(CRC32C_POLYNOMIAL)

/** CRC-32 of RFC 1952; native where Node has it (20.15 and later). */
export function crc32(): RunningChecksum {
  if (typeof zlib.crc32 !== 'function') return crc32OfTable(CRC32_TABLE)
  let value = 0
  return {
    update(chunk) {
      value = zlib.crc32(chunk, value)
    },
    digest() {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes
    },
  }
}

/** CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
export function crc32c(): RunningChecksum {
  return crc32OfTable(CRC32C_TABLE)
}

const CRC64_TABLES = ((): { high: Uint32Array; low: Uint32Array } => {
  const high = new Uint32Array(256)
  const low = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte)
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1n ? (value >> 1n) ^ CRC64NVME_POLYNOMIAL : value >> 1n
    high[byte] = Number(value >> 32n)
    low[byte] = Number(value & 0xffffffffn)
  }
  return { high, low }
})()

/** CRC-64/NVME, in two halves of 32 bits because BigInt arithmetic per byte would be slow. */
export function crc64nvme(): RunningChecksum {
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update(chunk) {
      let upper = high
      let lower = low
      for (let at = 0; at < chunk.length; at += 1) {
        const row = (lower ^ (chunk[at] ?? 0)) & 0xff
        lower = ((lower >>> 8) | (upper << 24)) ^ (CRC64_TABLES.low[row] ?? 0)
        upper = (upper >>> 8) ^ (CRC64_TABLES.high[row] ?? 0)
      }
      high = upper
      low = lower
    },
    digest() {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32BE(~high >>> 0, 0)
      bytes.writeUInt32BE(~low >>> 0, 4)
      return bytes
    },
  }
}
