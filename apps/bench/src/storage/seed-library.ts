import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { timeAll } from '../at-once.ts'
import { fileKey, metadataKey, metadataText, numberedRecording } from './stored-recording.ts'

const FILE_BYTES = 50_000_000
const WRITES_AT_ONCE = 32
/** Later than those that the app itself writes could be. */
const UPLOADED_AFTER_MS = 1_800_000

/**
 * Writes a library of so many recordings into a folder as local-s3 keeps its objects (see its Journal and BlobFolder):
 * a hundred thousand PUTs would take longer than all that is to be measured. The metadata can be read; of the films
 * there is no more than what a listing says. local-s3 refuses to start over a folder that is not as it should be.
 */
export async function seedLibrary(dataDir: string, bucket: string, count: number): Promise<void> {
  const blobs = join(dataDir, 'blobs')
  await mkdir(blobs, { recursive: true })
  const journal = createWriteStream(join(dataDir, 'journal'))
  const write = async (record: unknown): Promise<void> => {
    const json = JSON.stringify(record)
    const checksum = crc32(json).toString(16).padStart(8, '0')
    if (!journal.write(`${checksum} ${json}\n`)) await once(journal, 'drain')
  }
  await write({ type: 'bucket-created', bucket, atMs: Date.now() })
  const numbers = Array.from({ length: count }, (_, index) => index)
  await timeAll(numbers, WRITES_AT_ONCE, async (number) => {
    const recording = numberedRecording(number, FILE_BYTES)
    const text = Buffer.from(metadataText(recording))
    const id = number.toString(16).padStart(32, '0')
    await writeFile(join(blobs, id), text)
    const object = {
      headers: {},
      metadata: {},
      modifiedMs: recording.startedAt + UPLOADED_AFTER_MS,
    }
    await write({
      type: 'object-put',
      bucket,
      key: metadataKey(recording),
      object: {
        ...object,
        contentType: 'application/json',
        etag: createHash('md5').update(text).digest('hex'),
        size: text.length,
        blobs: [{ id, size: text.length }],
      },
    })
    await write({
      type: 'object-put',
      bucket,
      key: fileKey(recording),
      object: {
        ...object,
        contentType: 'video/mp4',
        etag: createHash('md5').update(recording.name).digest('hex'),
        size: recording.size,
        blobs: [],
      },
    })
  })
  journal.end()
  await once(journal, 'finish')
}
