import type { JournalRecord } from './journal-record.ts'
import { KeyIndex } from './key-index.ts'
import type { Blob, StoredObject, Upload, UploadPart } from './stored-object.ts'

export interface Bucket {
  /** Milliseconds since 1970. */
  readonly createdMs: number
  readonly objects: KeyIndex<StoredObject>
}

export interface OpenUpload {
  readonly upload: Upload
  /** By part number. */
  readonly parts: ReadonlyMap<number, UploadPart>
}

interface MutableUpload extends OpenUpload {
  readonly parts: Map<number, UploadPart>
}

/**
 * What the store holds, in memory: exactly what the journal's records add up to. About half a kilobyte for each object,
 * so its size is bounded by what is stored.
 */
export class StoreState {
  readonly #buckets = new Map<string, Bucket>()
  readonly #uploads = new Map<string, MutableUpload>()

  get buckets(): ReadonlyMap<string, Bucket> {
    return this.#buckets
  }

  get uploads(): ReadonlyMap<string, OpenUpload> {
    return this.#uploads
  }

  /** @returns blobs that nothing refers to any more */
  apply(record: JournalRecord): readonly Blob[] {
    let unused: readonly Blob[] = []
    switch (record.type) {
      case 'bucket-created':
        this.#buckets.set(record.bucket, { createdMs: record.atMs, objects: new KeyIndex() })
        break
      case 'bucket-deleted':
        unused = this.#dropBucket(record.bucket)
        break
      case 'object-put':
        unused = this.#putObject(record.bucket, record.key, record.object)
        break
      case 'object-deleted':
        unused = this.#dropObject(record.bucket, record.key)
        break
      case 'upload-created':
        this.#uploads.set(record.upload.id, { upload: record.upload, parts: new Map() })
        break
      case 'part-put':
        unused = this.#putPart(record.uploadId, record.part)
        break
      case 'upload-completed': {
        const used = new Set(record.object.blobs.map(({ id }) => id))
        const parts = this.#dropUpload(record.uploadId).filter(({ id }) => !used.has(id))
        unused = [...parts, ...this.#putObject(record.bucket, record.key, record.object)]
        break
      }
      case 'upload-aborted':
        unused = this.#dropUpload(record.uploadId)
        break
    }
    return unused
  }

  /** The shortest list of records that adds up to the same. */
  *records(): Generator<JournalRecord> {
    for (const [bucket, { createdMs, objects }] of this.#buckets) {
      yield { type: 'bucket-created', bucket, atMs: createdMs }
      for (const [key, object] of objects.entries()) yield { type: 'object-put', bucket, key, object }
    }
    for (const [uploadId, { upload, parts }] of this.#uploads) {
      yield { type: 'upload-created', upload }
      for (const part of parts.values()) yield { type: 'part-put', uploadId, part }
    }
  }

  /** How many records `records` gives. */
  countRecords(): number {
    let count = this.#buckets.size + this.#uploads.size
    for (const { objects } of this.#buckets.values()) count += objects.size
    for (const { parts } of this.#uploads.values()) count += parts.size
    return count
  }

  blobIds(): Set<string> {
    const ids = new Set<string>()
    for (const { objects } of this.#buckets.values())
      for (const [, object] of objects.entries()) for (const { id } of object.blobs) ids.add(id)
    for (const { parts } of this.#uploads.values()) for (const { blob } of parts.values()) ids.add(blob.id)
    return ids
  }

  #dropBucket(bucket: string): Blob[] {
    const objects = [...(this.#buckets.get(bucket)?.objects.entries() ?? [])]
    const uploads = [...this.#uploads.values()].filter(({ upload }) => upload.bucket === bucket)
    this.#buckets.delete(bucket)
    return [
      ...objects.flatMap(([, object]) => object.blobs),
      ...uploads.flatMap(({ upload }) => this.#dropUpload(upload.id)),
    ]
  }

  #putObject(bucket: string, key: string, object: StoredObject): readonly Blob[] {
    const objects = this.#buckets.get(bucket)?.objects
    const previous = objects?.get(key)
    objects?.set(key, object)
    return previous?.blobs ?? []
  }

  #dropObject(bucket: string, key: string): readonly Blob[] {
    const objects = this.#buckets.get(bucket)?.objects
    const previous = objects?.get(key)
    objects?.delete(key)
    return previous?.blobs ?? []
  }

  #putPart(uploadId: string, part: UploadPart): readonly Blob[] {
    const parts = this.#uploads.get(uploadId)?.parts
    const previous = parts?.get(part.number)
    parts?.set(part.number, part)
    return previous ? [previous.blob] : []
  }

  #dropUpload(uploadId: string): Blob[] {
    const parts = this.#uploads.get(uploadId)?.parts.values() ?? []
    this.#uploads.delete(uploadId)
    return [...parts].map(({ blob }) => blob)
  }
}
