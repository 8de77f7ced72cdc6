import { createHash, createHmac, timingSafeEqual, type Hash } from 'node:crypto'
import type { ChunkSeed } from '../auth/verified-signature.ts'
import { sha256Hex } from '../auth/signing-key.ts'
import { S3Error } from '../s3-error.ts'

/** A chunk's size line with its signature, or a trailer line. */
const MAX_LINE_BYTES = 1024
const MAX_TRAILER_LINES = 16

export interface AwsChunkedOptions {
  /** Present if each chunk is signed. */
  readonly seed: ChunkSeed | undefined
  /** Whether trailing headers follow the last chunk. */
  readonly hasTrailer: boolean
  /** Filled when the body has ended: lower-case names. */
  readonly trailers: Map<string, string>
}

/**
 * Takes the `aws-chunked` framing off a body, checking the chunks' signatures on the way. Data is passed on before its
 * chunk's signature is known, so a caller must not publish anything until this generator has ended without an error.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
 *
 * @throws S3Error IncompleteBody, SignatureDoesNotMatch, MalformedTrailerError
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  options: AwsChunkedOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new LineReader(source)
  try {
    yield* decode(reader, options)
  } finally {
    // Lets go of the source however this ends, so that what is left of it can be read past
    await reader.close()
  }
}

async function* decode(
  reader: LineReader,
  options: AwsChunkedOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const signatures = options.seed ? new ChunkSignatures(options.seed) : undefined
  for (;;) {
    const { size, signature } = parseChunkHeader(await reader.line())
    signatures?.startChunk(signature)
    let left = size
    while (left > 0) {
      const data = await reader.data(left)
      left -= data.length
      signatures?.update(data)
      yield data
    }
    signatures?.endChunk()
    if (size === 0) break
    if ((await reader.line()) !== '') throw new S3Error('IncompleteBody', 'A chunk is longer than it says.')
  }
  await readTrailers(reader, options, signatures)
}

function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const parts = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line)
  if (!parts) throw new S3Error('IncompleteBody', 'The aws-chunked framing of the body is broken.')
  return { size: Number.parseInt(parts[1] ?? '', 16), signature: parts[2] }
}

async function readTrailers(
  reader: LineReader,
  { hasTrailer, trailers }: AwsChunkedOptions,
  signatures: ChunkSignatures | undefined,
): Promise<void> {
  for (let count = 0; ; count += 1) {
    const line = await reader.line()
    if (line === '') break
    const cut = line.indexOf(':')
    if (cut < 1 || count >= MAX_TRAILER_LINES) throw new S3Error('MalformedTrailerError')
    trailers.set(line.slice(0, cut).trim().toLowerCase(), line.slice(cut + 1).trim())
  }
  const signature = trailers.get('x-amz-trailer-signature')
  trailers.delete('x-amz-trailer-signature')
  if (!hasTrailer && trailers.size > 0) throw new S3Error('MalformedTrailerError')
  if (hasTrailer && signatures) signatures.checkTrailer(trailers, signature)
  if (!(await reader.atEnd())) throw new S3Error('IncompleteBody', 'The body goes on behind its last chunk.')
}

/** Each chunk's signature covers the one before: a chain that starts with the request's own. */
class ChunkSignatures {
  readonly #seed: ChunkSeed
  #previous: string
  #claimed = ''
  #hash: Hash = createHash('sha256')

  constructor(seed: ChunkSeed) {
    this.#seed = seed
    this.#previous = seed.signature
  }

  startChunk(claimed: string | undefined): void {
    if (claimed === undefined)
      throw new S3Error('SignatureDoesNotMatch', 'A chunk of the body is not signed.')
    this.#claimed = claimed
    this.#hash = createHash('sha256')
  }

  update(data: Buffer): void {
    this.#hash.update(data)
  }

  endChunk(): void {
    this.#check('AWS4-HMAC-SHA256-PAYLOAD', [sha256Hex(''), this.#hash.digest('hex')], this.#claimed)
  }

  checkTrailer(trailers: ReadonlyMap<string, string>, claimed: string | undefined): void {
    const canonical = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('')
    this.#check('AWS4-HMAC-SHA256-TRAILER', [sha256Hex(canonical)], claimed ?? '')
  }

  #check(algorithm: string, hashes: readonly string[], claimed: string): void {
    const { signingKey, timestamp, scope } = this.#seed
    const expected = createHmac('sha256', signingKey)
      .update([algorithm, timestamp, scope, this.#previous, ...hashes].join('\n'))
      .digest()
    const given = Buffer.from(claimed, 'hex')
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk or of the trailer does not match.')
    this.#previous = claimed
  }
}

/** Reads a stream by lines and by counted bytes, holding no more than one network chunk and one line. */
class LineReader {
  readonly #source: AsyncIterator<Buffer>
  #buffered: Buffer = Buffer.alloc(0)
  #ended = false

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Up to `limit` bytes, at least one. */
  async data(limit: number): Promise<Buffer> {
    if (this.#buffered.length === 0 && !(await this.#fill())) throw new S3Error('IncompleteBody')
    const data = this.#buffered.subarray(0, limit)
    this.#buffered = this.#buffered.subarray(data.length)
    return data
  }

  /** A line without its CR LF. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffered.indexOf('\r\n')
      if (end > MAX_LINE_BYTES || (end < 0 && this.#buffered.length > MAX_LINE_BYTES))
        throw new S3Error('IncompleteBody', 'A line of the aws-chunked framing is too long.')
      if (end >= 0) {
        const line = this.#buffered.toString('latin1', 0, end)
        this.#buffered = this.#buffered.subarray(end + 2)
        return line
      }
      if (!(await this.#fill())) throw new S3Error('IncompleteBody')
    }
  }

  async atEnd(): Promise<boolean> {
    return this.#buffered.length === 0 && !(await this.#fill())
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }

  async #fill(): Promise<boolean> {
    while (!this.#ended) {
      const next = await this.#source.next()
      if (next.done === true) this.#ended = true
      else if (next.value.length > 0) {
        this.#buffered = this.#buffered.length > 0 ? Buffer.concat([this.#buffered, next.value]) : next.value
        return true
      }
    }
    return false
  }
}
