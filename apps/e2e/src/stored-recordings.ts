import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { RecordingInfo } from '@roomreel/contracts'
import type { Product } from './product.ts'

/** The defaults of the product, which its tests leave as they are. */
const BUCKET = 'openvidu-appdata'
const PREFIX = 'recordings/'

/** The product's bucket, as somebody with its keys finds it. */
export class StoredRecordings implements Disposable {
  readonly #s3: S3Client

  constructor({ s3Endpoint }: Product) {
    this.#s3 = new S3Client({
      endpoint: s3Endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'minioadmin', secretAccessKey: 'minioadmin' },
    })
  }

  /** Puts a recording there as another replica would have left it: first the file, if any, then what is known. */
  async put(recording: RecordingInfo, file?: Uint8Array): Promise<void> {
    if (file) await this.#put(recording.name, file, 'video/mp4')
    const key = `.metadata/${recording.name.replace(/\.mp4$/, '')}.json`
    await this.#put(key, JSON.stringify(recording), 'application/json')
  }

  /** The bytes of a recording. */
  async read(recordingName: string): Promise<Uint8Array> {
    const object = await this.#s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: PREFIX + recordingName }))
    if (!object.Body) throw new Error(`${recordingName} has no bytes`)
    return object.Body.transformToByteArray()
  }

  [Symbol.dispose](): void {
    this.#s3.destroy()
  }

  async #put(key: string, body: string | Uint8Array, contentType: string): Promise<void> {
    await this.#s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: PREFIX + key, Body: body, ContentType: contentType }),
    )
  }
}

/** What is known of a recording of 12 s, which began at noon (local time) of a day, e.g. `2026-05-30`. */
export function storedRecording(
  roomName: string,
  day: string,
  more: Partial<RecordingInfo> = {},
): RecordingInfo {
  const startedAt = new Date(`${day}T12:00:00`).getTime()
  const id = `EG_${day.replaceAll('-', '')}${startedAt % 997}`
  return {
    id,
    name: `${roomName}-RM_stored-${day}.mp4`,
    roomName,
    roomId: 'RM_stored',
    startedAt,
    duration: 12,
    size: 10_000,
    status: 'COMPLETE',
    updatedAt: startedAt + 12_000,
    ...more,
  }
}
