import type { LayoutName } from '../request/recording-plan.ts'

/** A place on the canvas, in pixels; x and y count from the top left. All four are even. */
export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

export interface Size {
  width: number
  height: number
}

/** Pixels between a tile and its neighbours; the speaking frame is drawn there. */
export const TILE_GAP_PX = 4
/** Shape of a cell: cameras are mostly 16:9. */
const CELL_ASPECT = 16 / 9
/** Share of the canvas given to the strip of small tiles beside a stage. */
const STRIP_SHARE = 0.2

/**
 * Where each tile goes. Pure: the same input gives the same places.
 *
 * @param tiles in order of appearance; the stage may be among them
 * @param stage the tile that gets the large place: the screen share, or with the speaker layouts whoever
 *   spoke last. null: no such tile
 * @returns a cell per tile. Tiles for which there is no room beside a stage are left out
 */
export function arrangeTiles(
  layout: LayoutName,
  canvas: Size,
  tiles: readonly string[],
  stage: string | null,
): Map<string, Rect> {
  if (stage === null || !tiles.includes(stage)) return gridOf(canvas, tiles)
  const others = tiles.filter((id) => id !== stage)
  if (layout === 'single-speaker' || others.length === 0) return gridOf(canvas, [stage])
  return stageWithStrip(canvas, stage, others)
}

function gridOf(canvas: Size, tiles: readonly string[]): Map<string, Rect> {
  const places = new Map<string, Rect>()
  if (tiles.length === 0) return places
  const columns = gridColumns(canvas, tiles.length)
  const rows = Math.ceil(tiles.length / columns)
  const width = canvas.width / columns
  const height = canvas.height / rows
  // A single tile fills the canvas
  const gap = tiles.length > 1 ? TILE_GAP_PX : 0
  for (const [index, id] of tiles.entries()) {
    const row = Math.floor(index / columns)
    const inThisRow = Math.min(columns, tiles.length - row * columns)
    const indent = ((columns - inThisRow) * width) / 2
    places.set(id, inset({ x: indent + (index % columns) * width, y: row * height, width, height }, gap))
  }
  return places
}

/** The number of columns that makes 16:9 cells largest; of equals the one with fewer rows. */
export function gridColumns(canvas: Size, count: number): number {
  let best = { columns: 1, scale: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const scale = Math.min(canvas.width / columns / CELL_ASPECT, canvas.height / rows)
    if (scale >= best.scale - 1e-9) best = { columns, scale }
  }
  return best.columns
}

function stageWithStrip(canvas: Size, stage: string, others: readonly string[]): Map<string, Rect> {
  const places = new Map<string, Rect>()
  const landscape = canvas.width >= canvas.height
  if (landscape) {
    const stripWidth = canvas.width * STRIP_SHARE
    const cellHeight = Math.min(canvas.height, stripWidth / CELL_ASPECT)
    const shown = others.slice(0, Math.max(1, Math.floor(canvas.height / cellHeight)))
    const top = (canvas.height - shown.length * cellHeight) / 2
    places.set(
      stage,
      inset({ x: 0, y: 0, width: canvas.width - stripWidth, height: canvas.height }, TILE_GAP_PX),
    )
    for (const [index, id] of shown.entries()) {
      const cell = {
        x: canvas.width - stripWidth,
        y: top + index * cellHeight,
        width: stripWidth,
        height: cellHeight,
      }
      places.set(id, inset(cell, TILE_GAP_PX))
    }
    return places
  }
  const stripHeight = canvas.height * STRIP_SHARE
  const cellWidth = Math.min(canvas.width, stripHeight * CELL_ASPECT)
  const shown = others.slice(0, Math.max(1, Math.floor(canvas.width / cellWidth)))
  const left = (canvas.width - shown.length * cellWidth) / 2
  places.set(
    stage,
    inset({ x: 0, y: 0, width: canvas.width, height: canvas.height - stripHeight }, TILE_GAP_PX),
  )
  for (const [index, id] of shown.entries()) {
    const cell = {
      x: left + index * cellWidth,
      y: canvas.height - stripHeight,
      width: cellWidth,
      height: stripHeight,
    }
    places.set(id, inset(cell, TILE_GAP_PX))
  }
  return places
}

function inset({ x, y, width, height }: Rect, wantedGap: number): Rect {
  // Among very many tiles on a small canvas there is no room for the gap
  const gap = Math.min(wantedGap, Math.floor(Math.min(width, height) / 8))
  const left = evenUp(x + gap)
  const top = evenUp(y + gap)
  return {
    x: left,
    y: top,
    width: Math.max(2, evenDown(x + width - gap - left)),
    height: Math.max(2, evenDown(y + height - gap - top)),
  }
}

/**
 * The largest place for a picture inside a cell that keeps its shape, in the middle of the cell.
 * The width is a multiple of 16: the scaler writes whole vectors and would touch what lies to the right.
 */
export function fitInside(cell: Rect, picture: Size): Rect {
  const scale = Math.min(cell.width / picture.width, cell.height / picture.height)
  const width = Math.max(16, Math.floor((picture.width * scale) / 16) * 16)
  const height = Math.max(2, evenDown(Math.min(cell.height, picture.height * scale)))
  return {
    x: cell.x + evenDown((cell.width - width) / 2),
    y: cell.y + evenDown((cell.height - height) / 2),
    width,
    height,
  }
}

function evenDown(value: number): number {
  return Math.floor(value / 2) * 2
}

function evenUp(value: number): number {
  return Math.ceil(value / 2) * 2
}
