import type { Rotation } from './i420-picture.ts'

/** One plane of a picture: `stride` bytes from one row to the next. */
export interface Plane {
  bytes: Uint8Array
  stride: number
}

/**
 * Copies a plane turned clockwise.
 *
 * @param width of the source, in samples
 * @param height of the source, in samples
 * @param offset where the target's top left sample is in its bytes
 */
export function rotatePlane(
  source: Plane,
  width: number,
  height: number,
  rotation: Rotation,
  target: Plane,
  offset: number,
): void {
  // Where source sample (column, row) lands: start + column * perColumn + row * perRow
  let start = offset
  let perColumn = 1
  let perRow = target.stride
  if (rotation === 90) {
    start += height - 1
    perColumn = target.stride
    perRow = -1
  } else if (rotation === 180) {
    start += (height - 1) * target.stride + width - 1
    perColumn = -1
    perRow = -target.stride
  } else if (rotation === 270) {
    start += (width - 1) * target.stride
    perColumn = -target.stride
    perRow = 1
  }
  for (let row = 0; row < height; row++) {
    let at = start + row * perRow
    let from = row * source.stride
    for (const end = from + width; from < end; from++) {
      target.bytes[at] = source.bytes[from] ?? 0
      at += perColumn
    }
  }
}
