import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { S3Error } from '../s3-error.ts'
import { decodeAwsChunked } from './aws-chunked.ts'

const DATA = 'Hello, chunked world'
const FRAMED = `5\r\nHello\r\nf\r\n, chunked world\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n`

async function decode(
  text: string,
  cuts: readonly number[],
  trailers = new Map<string, string>(),
): Promise<string> {
  const bytes = Buffer.from(text)
  const ends = [...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]
  async function* source(): AsyncGenerator<Buffer> {
    let at = 0
    for (const end of ends) {
      yield bytes.subarray(at, end)
      at = end
    }
  }
  const chunks: Buffer[] = []
  for await (const chunk of decodeAwsChunked(source(), { seed: undefined, hasTrailer: true, trailers }))
    chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('decodeAwsChunked', () => {
  it('does not care where the network cuts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: FRAMED.length })), async (cuts) => {
        const trailers = new Map<string, string>()
        expect(await decode(FRAMED, cuts, trailers)).toBe(DATA)
        expect(trailers).toEqual(new Map([['x-amz-checksum-crc32', 'AAAAAA==']]))
      }),
    )
  })

  it('refuses every prefix of a body', async () => {
    for (let length = 0; length < FRAMED.length; length += 1) {
      const outcome = await decode(FRAMED.slice(0, length), []).catch((error: unknown) =>
        error instanceof S3Error ? error.code : error,
      )
      expect(outcome).toBe('IncompleteBody')
    }
  })

  it.each([
    { name: 'no size', body: 'zz\r\nHello\r\n0\r\n\r\n' },
    { name: 'a negative size', body: '-5\r\nHello\r\n0\r\n\r\n' },
    { name: 'a size beyond counting', body: `${'f'.repeat(20)}\r\nHello` },
    { name: 'a chunk longer than it says', body: '4\r\nHello\r\n0\r\n\r\n' },
    { name: 'an endless line', body: '5'.repeat(10_000) },
    { name: 'more behind the end', body: '0\r\n\r\n5\r\nHello\r\n' },
    { name: 'a trailer that is none', body: '0\r\nnonsense\r\n\r\n' },
  ])('refuses $name', async ({ body }) => {
    await expect(decode(body, [])).rejects.toBeInstanceOf(S3Error)
  })
})
