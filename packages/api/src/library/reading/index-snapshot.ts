import { RecordingInfoSchema } from '@roomreel/contracts'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { RowContent } from '../rows/recording-rows.ts'
import type { RowAddress, RowKind } from '../rows/row-address.ts'

/** Another form of snapshot has another number; those that are not understood are not read. */
const VERSION = 2
/** Lines that are packed at one time; between them, others get their turn. */
const LINES_PER_CHUNK = 500

/** A line is this as JSON, a tab, and the recording as JSON (or null), which is not looked at before it is needed. */
const HeadSchema = z.tuple([z.enum(['metadata', 'failed']), z.string(), z.string()])
const FIRST_LINE = JSON.stringify({ version: VERSION })
const BytesSchema = z.instanceof(Uint8Array)

export interface SnapshotRow {
  readonly address: RowAddress
  readonly content: RowContent
}

/** What some replica has left of its index. Nothing in it is believed but what S3 itself lists with the same ETag. */
export interface Snapshot {
  names(kind: RowKind): Iterable<string>
  /** What the object holds in this version, if that is known; it is given once. */
  take(address: RowAddress, etag: string): RowContent | undefined
}

export const emptySnapshot: Snapshot = { names: () => [], take: () => undefined }

/**
 * @returns the snapshot, and its own ETag; undefined when there is none
 * @throws AppError SERVICE_UNAVAILABLE, or any error where it is not readable
 */
export async function readSnapshot(
  objects: ObjectStore,
  key: string,
): Promise<{ readonly snapshot: Snapshot; readonly etag: string } | undefined> {
  const stored = await objects.getBytes(key)
  if (!stored) return undefined
  const kept = { metadata: new Map<string, KeptRow>(), failed: new Map<string, KeptRow>() }
  await pipeline([stored.bytes], createGunzip({ chunkSize: 256 * 1024 }), async (unpacked) => {
    let isFirst = true
    for await (const line of linesOf(unpacked)) {
      if (isFirst && line !== FIRST_LINE) throw new Error('this is no snapshot of this version')
      if (!isFirst) {
        const tab = line.indexOf('\t')
        const [kind, name, etag] = HeadSchema.parse(JSON.parse(line.slice(0, tab)))
        kept[kind].set(name, { etag, json: line.slice(tab + 1) })
      }
      isFirst = false
    }
  })
  const mapOf = (kind: RowKind) => (kind === 'metadata' || kind === 'failed' ? kept[kind] : undefined)
  return {
    etag: stored.etag,
    snapshot: {
      names: (kind) => mapOf(kind)?.keys() ?? [],
      take({ kind, name }, etag) {
        const row = mapOf(kind)?.get(name)
        mapOf(kind)?.delete(name)
        return row?.etag === etag ? contentOf(row) : undefined
      },
    },
  }
}

interface KeptRow {
  readonly etag: string
  readonly json: string
}

/** @returns undefined for what is not readable: S3 has it */
function contentOf({ etag, json }: KeptRow): RowContent | undefined {
  try {
    const recording = RecordingInfoSchema.nullable().parse(JSON.parse(json))
    return { etag, recording: recording ?? undefined }
  } catch {
    return undefined
  }
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
  let lines = [FIRST_LINE]
  for (const { address, content } of rows) {
    const head = JSON.stringify([address.kind, address.name, content.etag])
    lines.push(`${head}\t${JSON.stringify(content.recording ?? null)}`)
    if (lines.length < LINES_PER_CHUNK) continue
    yield `${lines.join('\n')}\n`
    lines = []
  }
  yield lines.join('\n')
}
