import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, copyFile, constants, link, mkdir, open, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import { errnoOf } from '../s3-error.ts'
import type { Blob } from './stored-object.ts'
import { syncDirectory } from './sync-directory.ts'

const READ_CHUNK_BYTES = 256 * 1024
const REMOVALS_AT_ONCE = 16

/**
 * The folder of bytes. A file in it is written once under a random name and belongs to whatever journal record names
 * it; files that no record names are garbage. What a client sends is never part of a path.
 */
export class BlobFolder {
  readonly #dir: string
  readonly #logger: Logger
  /** How many readers each blob has now; bounded by the number of connections. */
  readonly #readers = new Map<string, number>()
  /** Blobs to remove once their last reader has gone. */
  readonly #doomed = new Set<string>()

  private constructor(dir: string, logger: Logger) {
    this.#dir = dir
    this.#logger = logger
  }

  static async open(dir: string, logger: Logger): Promise<BlobFolder> {
    await mkdir(dir, { recursive: true })
    return new BlobFolder(dir, logger)
  }

  /** Removes every file but the named ones: leftovers of writes and removals that a crash cut short. */
  async sweep(keep: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#dir)
    const leftovers = names.filter((name) => !keep.has(name))
    for (const name of leftovers) await rm(path.join(this.#dir, name), { force: true, recursive: true })
    if (leftovers.length > 0) this.#logger.info({ files: leftovers.length }, 'removed leftovers')
  }

  /**
   * Writes what a generator yields to a new blob and syncs its bytes. Its name is durable after `sync`. Nothing is left
   * behind if the generator or the disk fails.
   */
  async write<R>(chunks: AsyncGenerator<Buffer, R, undefined>): Promise<{ blob: Blob; result: R }> {
    const id = newBlobId()
    const file = this.#path(id)
    const handle = await open(file, 'wx')
    try {
      let size = 0
      for (;;) {
        const next = await chunks.next()
        if (next.done === true) {
          await handle.sync()
          await handle.close()
          return { blob: { id, size }, result: next.value }
        }
        let chunk = next.value
        size += chunk.length
        while (chunk.length > 0) {
          const { bytesWritten } = await handle.write(chunk)
          chunk = chunk.subarray(bytesWritten)
        }
      }
    } catch (error) {
      await handle.close()
      await rm(file, { force: true })
      throw error
    } finally {
      // After a failure of the disk, the source is still waiting to be asked for more. Its result is of no interest
      await endGenerator(chunks)
    }
  }

  /** A second name for the same bytes, without copying them where the file system can do that. */
  async duplicate(blob: Blob): Promise<Blob> {
    const id = newBlobId()
    try {
      await link(this.#path(blob.id), this.#path(id))
    } catch (error) {
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(errnoOf(error) ?? '')) throw error
      await copyFile(this.#path(blob.id), this.#path(id), constants.COPYFILE_FICLONE)
      const handle = await open(this.#path(id), 'r+')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    }
    return { id, size: blob.size }
  }

  /** Makes the names of new blobs durable. */
  async sync(): Promise<void> {
    await syncDirectory(this.#dir)
  }

  /**
   * Keeps blobs in place while they are read, even if their object is replaced or deleted meanwhile.
   *
   * @returns gives them back; to be called exactly once
   */
  retain(blobs: readonly Blob[]): () => void {
    for (const { id } of blobs) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1)
    return () => {
      const free: Blob[] = []
      for (const blob of blobs) {
        const left = (this.#readers.get(blob.id) ?? 1) - 1
        if (left > 0) this.#readers.set(blob.id, left)
        else {
          this.#readers.delete(blob.id)
          if (this.#doomed.delete(blob.id)) free.push(blob)
        }
      }
      this.discard(free)
    }
  }

  /** Removes blobs that no record names any more, in the background: what a crash leaves is swept at the next start. */
  discard(blobs: readonly Blob[]): void {
    const free: string[] = []
    for (const { id } of blobs) {
      if (this.#readers.has(id)) this.#doomed.add(id)
      else free.push(id)
    }
    this.#removeAll(free).catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'could not remove the bytes of a deleted object')
    })
  }

  async #removeAll(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += REMOVALS_AT_ONCE)
      await Promise.all(ids.slice(at, at + REMOVALS_AT_ONCE).map((id) => rm(this.#path(id), { force: true })))
  }

  /**
   * Streams a part of several blobs as if they were one. Ending the generator closes the file.
   *
   * @param start first byte @param end last byte, inclusive
   */
  async *read(blobs: readonly Blob[], start: number, end: number): AsyncGenerator<Buffer, void, undefined> {
    let offset = 0
    for (const { id, size } of blobs) {
      const from = Math.max(start - offset, 0)
      const to = Math.min(end - offset, size - 1)
      if (from <= to) {
        const file = createReadStream(this.#path(id), {
          start: from,
          end: to,
          highWaterMark: READ_CHUNK_BYTES,
        })
        for await (const chunk of file) {
          if (!Buffer.isBuffer(chunk)) throw new TypeError('A file was opened with an encoding')
          yield chunk
        }
      }
      offset += size
    }
  }

  /** @throws the file system's error if bytes are missing */
  async assertPresent(blobs: readonly Blob[]): Promise<void> {
    for (const { id } of blobs) await access(this.#path(id), constants.R_OK)
  }

  #path(id: string): string {
    return path.join(this.#dir, id)
  }
}

async function endGenerator(generator: AsyncGenerator<unknown, unknown, undefined>): Promise<void> {
  await generator.return(undefined)
}

function newBlobId(): string {
  return randomBytes(16).toString('hex')
}
