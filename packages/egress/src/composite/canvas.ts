import { AV_PIX_FMT_YUV420P } from 'node-av/constants'
import { FFmpegError, Frame } from 'node-av/lib'
import type { Rect } from './layout.ts'

/** A colour in BT.601 limited range: luma 16…235, chroma 16…240 with 128 as neutral. */
export interface YuvColour {
  y: number
  u: number
  v: number
}

/** A one-byte-per-pixel picture of how much of a colour to put where: 0 none, 255 all of it. */
export interface Mask {
  width: number
  height: number
  data: Uint8Array
}

/** Planes of a frame in the order Y, U, V. The views die with the frame. */
export interface Planes {
  buffers: [Buffer, Buffer, Buffer]
  strides: [number, number, number]
}

/** A 4:2:0 picture that can be drawn on. Owns its native frame. */
export class Canvas implements Disposable {
  readonly width: number
  readonly height: number
  readonly frame: Frame

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.frame = new Frame()
    this.frame.alloc()
    this.frame.width = width
    this.frame.height = height
    this.frame.format = AV_PIX_FMT_YUV420P
    FFmpegError.throwIfError(this.frame.getBuffer(0), 'allocate a canvas')
  }

  /** Views of the pixels, to be used at once: `makeWritable` may move them. */
  planes(): Planes {
    const [y, u, v] = this.frame.data ?? []
    const [strideY, strideU, strideV] = this.frame.linesize
    if (!y || !u || !v || strideY === undefined || strideU === undefined || strideV === undefined) {
      throw new Error('A canvas was used after it was freed.')
    }
    return { buffers: [y, u, v], strides: [strideY, strideU, strideV] }
  }

  /** Paints a place whose four numbers are even. What lies outside the canvas is left out. */
  paint(rect: Rect, colour: YuvColour): void {
    const { buffers, strides } = this.planes()
    const left = Math.max(0, rect.x)
    const top = Math.max(0, rect.y)
    const right = Math.min(this.width, rect.x + rect.width)
    const bottom = Math.min(this.height, rect.y + rect.height)
    if (left >= right) return
    for (let row = top; row < bottom; row++) {
      buffers[0].fill(colour.y, row * strides[0] + left, row * strides[0] + right)
    }
    for (let row = top >> 1; row < bottom >> 1; row++) {
      buffers[1].fill(colour.u, row * strides[1] + (left >> 1), row * strides[1] + (right >> 1))
      buffers[2].fill(colour.v, row * strides[2] + (left >> 1), row * strides[2] + (right >> 1))
    }
  }

  /** Draws a frame of the given thickness around a place, outside of it. */
  strokeAround(rect: Rect, thickness: number, colour: YuvColour): void {
    const outer = {
      x: rect.x - thickness,
      y: rect.y - thickness,
      width: rect.width + 2 * thickness,
      height: rect.height + 2 * thickness,
    }
    this.paint({ ...outer, height: thickness }, colour)
    this.paint({ ...outer, y: rect.y + rect.height, height: thickness }, colour)
    this.paint({ ...outer, width: thickness }, colour)
    this.paint({ ...outer, x: rect.x + rect.width, width: thickness }, colour)
  }

  /** Takes most brightness and all colour from a place, so that light text on it can be read. */
  darken(rect: Rect): void {
    const { buffers, strides } = this.planes()
    const left = Math.max(0, rect.x)
    const top = Math.max(0, rect.y)
    const right = Math.min(this.width, rect.x + rect.width)
    const bottom = Math.min(this.height, rect.y + rect.height)
    const [luma, ...chroma] = buffers
    for (let row = top; row < bottom; row++) {
      const start = row * strides[0]
      for (let at = start + left; at < start + right; at++) luma[at] = 12 + (((luma[at] ?? 0) * 3) >> 3)
    }
    for (let row = top >> 1; row < bottom >> 1; row++) {
      const start = row * strides[1]
      for (const plane of chroma) plane.fill(128, start + (left >> 1), start + (right >> 1))
    }
  }

  /** Blends a brightness into the picture where the mask says. Leaves colours as they are. */
  drawMask(mask: Mask, x: number, y: number, brightness: number): void {
    const { buffers, strides } = this.planes()
    const [luma] = buffers
    const columns = Math.min(mask.width, this.width - x)
    const rows = Math.min(mask.height, this.height - y)
    for (let row = 0; row < rows; row++) {
      let from = row * mask.width
      let at = (y + row) * strides[0] + x
      for (const end = from + columns; from < end; from++, at++) {
        const share = mask.data[from] ?? 0
        if (share === 0) continue
        const before = luma[at] ?? 0
        luma[at] = before + (((brightness - before) * share) >> 8)
      }
    }
  }

  /** Copies all pixels to a canvas of the same size. */
  copyTo(target: Canvas): void {
    const from = this.planes().buffers
    const to = target.planes().buffers
    to[0].set(from[0])
    to[1].set(from[1])
    to[2].set(from[2])
  }

  [Symbol.dispose](): void {
    this.frame.free()
  }
}
