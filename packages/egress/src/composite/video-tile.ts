import { AV_PIX_FMT_YUV420P, SWS_BILINEAR } from 'node-av/constants'
import { SoftwareScaleContext } from 'node-av/lib'
import { Canvas } from './canvas.ts'
import type { I420Picture } from './i420-picture.ts'
import { planesOf, shownSize } from './i420-picture.ts'
import type { Rect } from './layout.ts'
import { fitInside } from './layout.ts'
import { rotatePlane } from './rotate-plane.ts'

/**
 * The newest picture of one track and its way onto the canvas. Holds one picture only: a newer one
 * replaces it, so a slow recorder drops pictures instead of queueing them.
 */
export class VideoTile implements Disposable {
  #picture: I420Picture | null = null
  #drawn = false
  #scaler: SoftwareScaleContext | null = null
  #scalerKey = ''
  #scratch: Canvas | null = null
  /** Pictures replaced before they were drawn. */
  replaced = 0

  get hasPicture(): boolean {
    return this.#picture !== null
  }

  /** True if a picture waits that has not been drawn yet. */
  get isStale(): boolean {
    return this.#picture !== null && !this.#drawn
  }

  /** @returns true if the shape changed, so that the place of the picture has to be found anew */
  push(picture: I420Picture): boolean {
    const before = this.#picture && shownSize(this.#picture)
    const now = shownSize(picture)
    if (this.#picture && !this.#drawn) this.replaced++
    this.#picture = picture
    this.#drawn = false
    return before?.width !== now.width || before.height !== now.height
  }

  /** Forgets the picture: the track is muted or gone. */
  clear(): void {
    this.#picture = null
    this.#drawn = false
  }

  /** Draws the newest picture into the middle of a cell. @returns the place it takes; null without picture */
  draw(canvas: Canvas, cell: Rect): Rect | null {
    const picture = this.#picture
    if (!picture) return null
    const place = fitInside(cell, shownSize(picture))
    this.#drawn = true
    if (picture.rotation === 0) this.#scaleTo(picture, canvas, place)
    else this.#scaleAndTurn(picture, canvas, place)
    return place
  }

  #scaleTo(picture: I420Picture, target: Canvas, place: Rect): void {
    const { width, height } = picture
    const source = planesOf(picture)
    const { buffers, strides } = target.planes()
    const chromaOffset = (stride: number) => (place.y >> 1) * stride + (place.x >> 1)
    this.#scalerFor(width, height, place.width, place.height).scaleSync(
      source.buffers,
      source.strides,
      0,
      height,
      [
        buffers[0].subarray(place.y * strides[0] + place.x),
        buffers[1].subarray(chromaOffset(strides[1])),
        buffers[2].subarray(chromaOffset(strides[2])),
      ],
      strides,
    )
  }

  /** Scales first, so that only as many pixels are turned as are shown. */
  #scaleAndTurn(picture: I420Picture, target: Canvas, place: Rect): void {
    const { rotation } = picture
    const upright = rotation === 180
    const width = upright ? place.width : place.height
    const height = upright ? place.height : place.width
    // 16 more columns for the scaler's whole vectors
    const scratch = this.#scratchOf(width + 16, height)
    this.#scaleTo(picture, scratch, { x: 0, y: 0, width, height })
    const from = scratch.planes()
    const to = target.planes()
    for (const plane of [0, 1, 2] as const) {
      const shift = plane === 0 ? 0 : 1
      const stride = to.strides[plane]
      rotatePlane(
        { bytes: from.buffers[plane], stride: from.strides[plane] },
        width >> shift,
        height >> shift,
        rotation,
        { bytes: to.buffers[plane], stride },
        (place.y >> shift) * stride + (place.x >> shift),
      )
    }
  }

  #scratchOf(width: number, height: number): Canvas {
    if (this.#scratch?.width === width && this.#scratch.height === height) return this.#scratch
    this.#scratch?.[Symbol.dispose]()
    return (this.#scratch = new Canvas(width, height))
  }

  #scalerFor(width: number, height: number, toWidth: number, toHeight: number): SoftwareScaleContext {
    const key = `${width}x${height}>${toWidth}x${toHeight}`
    if (this.#scaler && this.#scalerKey === key) return this.#scaler
    this.#scaler?.freeContext()
    const scaler = new SoftwareScaleContext()
    scaler.getContext(width, height, AV_PIX_FMT_YUV420P, toWidth, toHeight, AV_PIX_FMT_YUV420P, SWS_BILINEAR)
    this.#scaler = scaler
    this.#scalerKey = key
    return scaler
  }

  [Symbol.dispose](): void {
    this.#scaler?.freeContext()
    this.#scaler = null
    this.#scratch?.[Symbol.dispose]()
    this.#scratch = null
    this.#picture = null
  }
}
