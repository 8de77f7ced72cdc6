/** Degrees a picture is to be turned clockwise before it is shown. */
export type Rotation = 0 | 90 | 180 | 270

/** A decoded picture: planes Y, U, V tightly packed one after the other, chroma rounded up. */
export interface I420Picture {
  data: Uint8Array
  width: number
  height: number
  rotation: Rotation
}

export interface I420Planes {
  buffers: [Buffer, Buffer, Buffer]
  strides: [number, number, number]
}

/**
 * Views of the three planes, without a copy.
 *
 * @throws RangeError if the data is shorter than its size demands
 */
export function planesOf({ data, width, height }: I420Picture): I420Planes {
  const chromaWidth = (width + 1) >> 1
  const lumaSize = width * height
  const chromaSize = chromaWidth * ((height + 1) >> 1)
  if (data.byteLength < lumaSize + 2 * chromaSize) {
    throw new RangeError(
      `A picture of ${width}x${height} needs ${lumaSize + 2 * chromaSize} bytes, got ${data.byteLength}.`,
    )
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return {
    buffers: [
      bytes.subarray(0, lumaSize),
      bytes.subarray(lumaSize, lumaSize + chromaSize),
      bytes.subarray(lumaSize + chromaSize, lumaSize + 2 * chromaSize),
    ],
    strides: [width, chromaWidth, chromaWidth],
  }
}

/** Width and height as the viewer sees them. */
export function shownSize({ width, height, rotation }: Omit<I420Picture, 'data'>): {
  width: number
  height: number
} {
  return rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height }
}
