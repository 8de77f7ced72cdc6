import { join } from 'node:path'
import type { RecordedFile, RecordedImage } from '../recorder/recorder-messages.ts'
import type { RecordingPlan, StorageTarget } from '../request/recording-plan.ts'
import { Bucket } from './bucket.ts'
import { forgetImage, isWaiting, readImages } from './recorded-images.ts'

/** What a manifest says beyond the files themselves. Times in ms since the epoch. */
export interface ManifestContext {
  egressId: string
  roomId: string
  roomName: string
  startedAtMs: number
  endedAtMs: number
}

/** Where the things of one recording have gone. */
export interface UploadedRecording {
  location: string
  /** '' if no manifest was wanted. */
  manifestLocation: string
}

const MP4 = 'video/mp4'
const JPEG = 'image/jpeg'
const JSON_TYPE = 'application/json'

/** Brings a recording's files to their buckets. Each call may be repeated: what is there is replaced. */
export class RecordingUpload {
  readonly #folder: string
  readonly #plan: RecordingPlan
  readonly #signal: AbortSignal
  /** One per different bucket in the plan, by its settings. */
  readonly #buckets = new Map<string, Bucket>()
  #sendingImages: Promise<void> | null = null

  constructor(folder: string, plan: RecordingPlan, signal: AbortSignal) {
    this.#folder = folder
    this.#plan = plan
    this.#signal = signal
  }

  /**
   * Uploads what waits of the images; if that is under way, joins it.
   *
   * @throws the first error; the other images then wait for the next call
   */
  sendImages(): Promise<void> {
    this.#sendingImages ??= this.#sendImages().finally(() => (this.#sendingImages = null))
    return this.#sendingImages
  }

  /** Uploads the file and, where wanted, the manifest. @throws the SDK's error */
  async sendFile(file: RecordedFile, context: ManifestContext): Promise<UploadedRecording> {
    const { key, target, disableManifest } = this.#plan.file
    const bucket = this.#bucketFor(target)
    await bucket.put(key, { path: join(this.#folder, file.name) }, MP4, this.#signal)
    const location = bucket.locationOf(key)
    if (disableManifest) return { location, manifestLocation: '' }
    const manifestKey = `${key.slice(0, key.lastIndexOf('/') + 1)}${context.egressId}.json`
    const text = JSON.stringify(manifestOf(context, key, location, await readImages(this.#folder)))
    await bucket.put(manifestKey, { text }, JSON_TYPE, this.#signal)
    return { location, manifestLocation: bucket.locationOf(manifestKey) }
  }

  close(): void {
    for (const bucket of this.#buckets.values()) bucket.close()
    this.#buckets.clear()
  }

  async #sendImages(): Promise<void> {
    for (const image of await readImages(this.#folder)) {
      if (!(await isWaiting(this.#folder, image))) continue
      const plan = this.#plan.images[image.output]
      if (!plan) continue
      await this.#bucketFor(plan.target).put(
        image.key,
        { path: join(this.#folder, image.name) },
        JPEG,
        this.#signal,
      )
      await forgetImage(this.#folder, image)
    }
  }

  #bucketFor(target: StorageTarget): Bucket {
    const key = JSON.stringify(target)
    const known = this.#buckets.get(key)
    if (known) return known
    const bucket = new Bucket(target)
    this.#buckets.set(key, bucket)
    return bucket
  }
}

/** Fields as in livekit/egress (pkg/config/manifest.go); times in ns. */
function manifestOf(context: ManifestContext, filename: string, location: string, images: RecordedImage[]) {
  return {
    egress_id: context.egressId,
    room_id: context.roomId,
    room_name: context.roomName,
    started_at: Math.round(context.startedAtMs) * 1_000_000,
    ended_at: Math.round(context.endedAtMs) * 1_000_000,
    files: [{ filename, location }],
    ...(images.length === 0
      ? {}
      : {
          images: images.map(({ key, takenAtMs }) => ({
            filename: key,
            timestamp: new Date(takenAtMs).toISOString(),
          })),
        }),
  }
}
