import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { timeAll } from '../at-once.ts'
import { fileKey, metadataKey, metadataText, numberedRecording } from './stored-recording.ts'

const FILE_BYTES = 50_000_000
const WRITES_AT_ONCE = 32
/** ms between the beginning of a recording and its upload: half an hour of film. */
const UPLOADED_AFTER_MS = 1_800_000

/**
 * Writes a library of so many recordings into a folder as local-s3 keeps its objects (see its Journal and BlobFolder):
 * a hundred thousand PUTs would take longer than all that is to be measured. The metadata can be read; of the films
 * there is no more than what a listing says. local-s3 refuses to start over a folder that is not as it should be.
 */
export async function seedLibrary(dataDir: string, bucket: string, count: number): Promise<void> {
  const blobs = join(dataDir, 'blobs')
  await mkdir(blobs, { recursive: true })
  const numbers = Array.from({ length: count }, (_, index) => index)
  await timeAll(numbers, WRITES_AT_ONCE, (number) =>
    writeFile(join(blobs, blobId(number)), metadataText(numberedRecording(number, FILE_BYTES))),
  )
  await pipeline(Readable.from(journalOf(bucket, count)), createWriteStream(join(dataDir, 'journal')))
}

function* journalOf(bucket: string, count: number): Generator<string> {
  yield journalLine({ type: 'bucket-created', bucket, atMs: Date.now() })
  for (let number = 0; number < count; number++) yield* linesOf(bucket, number)
}

/** What the journal says of one recording: its metadata, and its film without bytes. */
function linesOf(bucket: string, number: number): [string, string] {
  const recording = numberedRecording(number, FILE_BYTES)
  const text = Buffer.from(metadataText(recording))
  const md5 = (content: string | Buffer): string => createHash('md5').update(content).digest('hex')
  const common = { headers: {}, metadata: {}, modifiedMs: recording.startedAt + UPLOADED_AFTER_MS }
  const metadata = {
    ...common,
    contentType: 'application/json',
    etag: md5(text),
    size: text.length,
    blobs: [{ id: blobId(number), size: text.length }],
  }
  const film = {
    ...common,
    contentType: 'video/mp4',
    etag: md5(recording.name),
    size: recording.size,
    blobs: [],
  }
  return [
    journalLine({ type: 'object-put', bucket, key: metadataKey(recording), object: metadata }),
    journalLine({ type: 'object-put', bucket, key: fileKey(recording), object: film }),
  ]
}

function journalLine(record: unknown): string {
  const json = JSON.stringify(record)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

const blobId = (number: number): string => number.toString(16).padStart(32, '0')
