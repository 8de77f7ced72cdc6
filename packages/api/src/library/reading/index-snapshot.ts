import { RecordingInfoSchema } from '@roomreel/contracts'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { RowContent } from '../rows/recording-rows.ts'
import type { RowAddress } from '../rows/row-address.ts'

/** Another form of snapshot has another number; those that are not understood are not read. */
const VERSION = 1
/** Lines that are packed at one time; between them, others get their turn. */
const LINES_PER_CHUNK = 500

const BytesSchema = z.instanceof(Uint8Array)
const HeadSchema = z.object({ version: z.literal(VERSION) })
const LineSchema = z.tuple([
  z.enum(['metadata', 'failed']),
  z.string(),
  z.string(),
  RecordingInfoSchema.nullable(),
])

export interface SnapshotRow {
  readonly address: RowAddress
  readonly content: RowContent
}

/**
 * Reads what some replica has left of its index, row by row. Nothing in it is believed but what S3 itself lists
 * with the same ETag.
 * @returns the snapshot's own ETag; undefined when there is none
 * @throws AppError SERVICE_UNAVAILABLE, or any error where it is not readable (from some row on)
 */
export async function readSnapshot(
  objects: ObjectStore,
  key: string,
  onRow: (row: SnapshotRow) => void,
): Promise<string | undefined> {
  const stored = await objects.getBytes(key)
  if (!stored) return undefined
  let isHead = true
  await pipeline([stored.bytes], createGunzip({ chunkSize: 256 * 1024 }), async (unpacked) => {
    for await (const line of linesOf(unpacked)) {
      const value: unknown = JSON.parse(line)
      if (isHead) HeadSchema.parse(value)
      else onRow(rowOf(value))
      isHead = false
    }
  })
  return stored.etag
}

function rowOf(value: unknown): SnapshotRow {
  const [kind, name, etag, recording] = LineSchema.parse(value)
  return { address: { kind, name }, content: { etag, recording: recording ?? undefined } }
}

async function* linesOf(chunks: AsyncIterable<unknown>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(BytesSchema.parse(chunk), { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

/**
 * Leaves the rows for whoever starts next.
 * @param expected ETag of the snapshot that is to be replaced; undefined where there is none
 * @returns the new ETag; undefined when somebody else has written one meanwhile
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function writeSnapshot(
  objects: ObjectStore,
  key: string,
  rows: Iterable<SnapshotRow>,
  expected: string | undefined,
): Promise<string | undefined> {
  const packed: Uint8Array[] = []
  await pipeline(chunksOf(rows), createGzip({ level: constants.Z_BEST_SPEED }), async (gzip) => {
    for await (const chunk of gzip) packed.push(BytesSchema.parse(chunk))
  })
  return objects.putBytes(key, Buffer.concat(packed), {
    contentType: 'application/gzip',
    condition: expected === undefined ? { ifNew: true } : { ifMatch: expected },
  })
}

function* chunksOf(rows: Iterable<SnapshotRow>): Iterable<string> {
  let lines = [JSON.stringify({ version: VERSION })]
  for (const { address, content } of rows) {
    lines.push(JSON.stringify([address.kind, address.name, content.etag, content.recording ?? null]))
    if (lines.length < LINES_PER_CHUNK) continue
    yield `${lines.join('\n')}\n`
    lines = []
  }
  yield lines.join('\n')
}
