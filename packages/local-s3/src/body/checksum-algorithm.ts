import { createHash } from 'node:crypto'
import { z } from 'zod'
import { crc32, crc32c, crc64nvme, type RunningChecksum } from './crc.ts'

/** The additional checksums of S3, by the name in `x-amz-checksum-algorithm`. */
export const checksumAlgorithmSchema = z.enum(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'])
export type ChecksumAlgorithm = z.infer<typeof checksumAlgorithmSchema>

export const CHECKSUM_ALGORITHMS = checksumAlgorithmSchema.options

/** Bytes of a digest. */
const DIGEST_LENGTH: Record<ChecksumAlgorithm, number> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`
}

/** Element of the XML answers. */
export function checksumElement(algorithm: ChecksumAlgorithm): `Checksum${ChecksumAlgorithm}` {
  return `Checksum${algorithm}`
}

/** Whether a text is base64 of the right length for that algorithm. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === DIGEST_LENGTH[algorithm] && bytes.toString('base64') === text
}

const RUNNING: Record<ChecksumAlgorithm, () => RunningChecksum> = {
  CRC32: crc32,
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
  SHA1: () => runningHash('sha1'),
  SHA256: () => runningHash('sha256'),
}

function runningHash(name: 'sha1' | 'sha256'): RunningChecksum {
  const hash = createHash(name)
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() }
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  return RUNNING[algorithm]()
}
