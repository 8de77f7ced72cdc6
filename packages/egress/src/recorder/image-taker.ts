import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Canvas } from '../composite/canvas.ts'
import { encodeJpeg } from '../encode/encode-jpeg.ts'
import type { ImagePlan } from '../request/recording-plan.ts'
import { formatUtcMilliseconds } from '../request/storage-key.ts'
import { listImage } from '../upload/recorded-images.ts'
import type { RecordedImage } from './recorder-messages.ts'

export interface ImageTakerOptions {
  plan: ImagePlan
  /** Position in the plan's list of image outputs. */
  output: number
  folder: string
  canvas: Canvas
  onImage: (image: RecordedImage) => void
  /** An image could not be taken; the recording goes on. */
  onError: (error: unknown) => void
}

/** Takes a JPEG of the canvas at a constant interval. A new one is not begun while the one before is written. */
export class ImageTaker {
  readonly #options: ImageTakerOptions
  #nextAtSeconds = 0
  #count = 0
  #busy: Promise<void> | null = null

  constructor(options: ImageTakerOptions) {
    this.#options = options
  }

  /** Call with each slot; takes an image if it is time. */
  onTime(nowSeconds: number): void {
    if (nowSeconds < this.#nextAtSeconds || this.#busy) return
    this.#nextAtSeconds += this.#options.plan.intervalSeconds
    if (this.#nextAtSeconds < nowSeconds) this.#nextAtSeconds = nowSeconds
    this.#busy = this.#take()
      .catch(this.#options.onError)
      .finally(() => (this.#busy = null))
  }

  /** Waits for the image that is being written. */
  async finish(): Promise<void> {
    await this.#busy
  }

  async #take(): Promise<void> {
    const { plan, output, folder, canvas, onImage } = this.#options
    const index = this.#count++
    const takenAt = new Date()
    const jpeg = await encodeJpeg(canvas, plan.widthPx, plan.heightPx)
    const name = `image-${output}-${String(index).padStart(5, '0')}.jpeg`
    await writeFile(join(folder, name), jpeg)
    const image: RecordedImage = {
      output,
      name,
      key: imageKey(plan, index, takenAt),
      takenAtMs: takenAt.getTime(),
      sizeBytes: jpeg.byteLength,
    }
    await listImage(folder, image)
    onImage(image)
  }
}

/** Names as livekit/egress gives them (pkg/pipeline/sink/image.go). */
function imageKey(plan: ImagePlan, index: number, takenAt: Date): string {
  switch (plan.suffix) {
    case 'index':
      return `${plan.keyPrefix}_${String(index).padStart(5, '0')}.jpeg`
    case 'timestamp':
      return `${plan.keyPrefix}_${formatUtcMilliseconds(takenAt)}.jpeg`
    case 'overwrite':
      return `${plan.keyPrefix}.jpeg`
    default:
      return plan.suffix satisfies never
  }
}
