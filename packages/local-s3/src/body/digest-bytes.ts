import { createHash } from 'node:crypto'
import { startChecksum, type ChecksumAlgorithm } from './checksum-algorithm.ts'
import type { BodySummary } from './verified-body.ts'

/** Passes bytes on, and returns what they add up to when they have ended. */
export async function* digestBytes(
  source: AsyncIterable<Buffer>,
  algorithm: ChecksumAlgorithm | undefined,
): AsyncGenerator<Buffer, BodySummary, undefined> {
  const md5 = createHash('md5')
  const checksum = algorithm && startChecksum(algorithm)
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    md5.update(chunk)
    checksum?.update(chunk)
    yield chunk
  }
  return {
    size,
    md5: md5.digest('hex'),
    checksum: algorithm && checksum && { algorithm, value: checksum.digest().toString('base64') },
  }
}
