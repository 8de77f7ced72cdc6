export interface Size {
  /** CSS pixels. */
  readonly width: number
  readonly height: number
}

export interface GridLayout {
  readonly columns: number
  /** Size of one tile in CSS pixels, rounded down. */
  readonly tile: Size
}

/** Between a camera's older shape and its newer one little of a face is cut off. */
const MIN_ASPECT = 4 / 3
const MAX_ASPECT = 16 / 9

/**
 * How many equal tiles fill a space best: the number of columns with the largest tiles. Pure.
 * @param count tiles, at least 1
 * @param gap CSS pixels between two tiles
 */
export function gridLayout(space: Size, count: number, gap: number): GridLayout {
  let best: GridLayout = { columns: 1, tile: { width: 0, height: 0 } }
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns)
    const tile = largestTile({
      width: (space.width - gap * (columns - 1)) / columns,
      height: (space.height - gap * (rows - 1)) / rows,
    })
    if (tile.width * tile.height > best.tile.width * best.tile.height) best = { columns, tile }
  }
  return best
}

function largestTile(cell: Size): Size {
  const width = Math.max(0, Math.min(cell.width, cell.height * MAX_ASPECT))
  const height = Math.max(0, Math.min(cell.height, width / MIN_ASPECT))
  return { width: Math.floor(width), height: Math.floor(height) }
}
