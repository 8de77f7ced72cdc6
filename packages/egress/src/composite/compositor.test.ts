import { expect, test } from 'vitest'
import type { Canvas, YuvColour } from './canvas.ts'
import { Compositor } from './compositor.ts'
import type { I420Picture, Rotation } from './i420-picture.ts'
import { TextPainter } from './text-painter.ts'
import { THEMES, tileColour } from './theme.ts'

const RED: YuvColour = { y: 82, u: 90, v: 240 }
const GREEN: YuvColour = { y: 145, u: 54, v: 34 }
const OPTIONS = { widthPx: 640, heightPx: 360, layout: 'grid', theme: 'dark' } as const

function solid(colour: YuvColour, width = 320, height = 180, rotation: Rotation = 0): I420Picture {
  const luma = width * height
  const chroma = ((width + 1) >> 1) * ((height + 1) >> 1)
  const data = new Uint8Array(luma + 2 * chroma)
  data
    .fill(colour.y, 0, luma)
    .fill(colour.u, luma, luma + chroma)
    .fill(colour.v, luma + chroma)
  return { data, width, height, rotation }
}

function colourAt(canvas: Canvas, x: number, y: number): YuvColour {
  const { buffers, strides } = canvas.planes()
  const chroma = (plane: 1 | 2) => buffers[plane][(y >> 1) * strides[plane] + (x >> 1)] ?? 0
  return { y: buffers[0][y * strides[0] + x] ?? 0, u: chroma(1), v: chroma(2) }
}

test('two people stand side by side, each with their own picture', () => {
  using compositor = new Compositor(OPTIONS)
  compositor.setPerson('a', 'Ann')
  compositor.setPerson('b', 'Bob')
  compositor.pushPicture('a', 'camera', solid(RED))
  compositor.pushPicture('b', 'camera', solid(GREEN))
  const canvas = compositor.render()
  expect(colourAt(canvas, 160, 180)).toEqual(RED)
  expect(colourAt(canvas, 480, 180)).toEqual(GREEN)
  expect(colourAt(canvas, 320, 4)).toEqual(THEMES.dark.background)
})

test('a camera that is turned off gives way to colour, initial and name', () => {
  using compositor = new Compositor(OPTIONS)
  compositor.setPerson('a', 'Ann')
  compositor.pushPicture('a', 'camera', solid(RED))
  compositor.render()
  compositor.clearVideo('a', 'camera')
  const canvas = compositor.render()
  expect(colourAt(canvas, 20, 20)).toEqual(tileColour(THEMES.dark, 'a'))
  const { buffers, strides } = canvas.planes()
  const bright = (left: number, top: number, right: number, bottom: number) => {
    let count = 0
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) if ((buffers[0][y * strides[0] + x] ?? 0) > 200) count++
    }
    return count
  }
  // The initial
  expect(bright(260, 120, 380, 240)).toBeGreaterThan(500)
  // The name
  expect(bright(0, 320, 120, 360)).toBeGreaterThan(50)
})

test('pictures of odd size, turned or resized on the way are drawn in shape', () => {
  using compositor = new Compositor(OPTIONS)
  compositor.setPerson('a', 'Ann')
  compositor.pushPicture('a', 'camera', solid(RED, 321, 179))
  expect(colourAt(compositor.render(), 320, 180)).toEqual(RED)
  compositor.pushPicture('a', 'camera', solid(GREEN, 320, 180, 270))
  const canvas = compositor.render()
  expect(colourAt(canvas, 320, 20)).toEqual(GREEN)
  expect(colourAt(canvas, 100, 180)).toEqual(THEMES.dark.background)
})

test('a screen share takes the stage and leaves it', () => {
  using compositor = new Compositor(OPTIONS)
  compositor.setPerson('a', 'Ann')
  compositor.setPerson('b', 'Bob')
  compositor.pushPicture('a', 'camera', solid(RED))
  compositor.pushPicture('b', 'screen', solid(GREEN, 640, 360))
  expect(colourAt(compositor.render(), 200, 180)).toEqual(GREEN)
  const sizes = compositor.takeTileSizes()
  expect(sizes?.find(({ kind }) => kind === 'screen')?.widthPx).toBeGreaterThan(480)
  expect(sizes?.find(({ identity }) => identity === 'a')?.widthPx).toBeLessThan(160)
  expect(compositor.takeTileSizes()).toBeNull()
  compositor.clearVideo('b', 'screen')
  expect(colourAt(compositor.render(), 160, 180)).toEqual(RED)
})

test('who speaks has a frame; pictures of strangers are ignored; a slow canvas drops pictures', () => {
  using compositor = new Compositor(OPTIONS)
  compositor.setPerson('a', 'Ann')
  compositor.setPerson('b', 'Bob')
  compositor.pushPicture('a', 'camera', solid(RED))
  compositor.pushPicture('a', 'camera', solid(RED))
  compositor.pushPicture('nobody', 'camera', solid(RED))
  compositor.setSpeakers(['a'])
  expect(compositor.replacedPictures).toBe(1)
  compositor.render()
  // Left of the picture, which is 304 wide and begins at 8
  expect(colourAt(compositor.canvas, 6, 180)).toEqual(THEMES.dark.speaking)
  compositor.setSpeakers([])
  expect(colourAt(compositor.render(), 6, 180)).toEqual(THEMES.dark.background)
})

test('any name can be drawn: other scripts, emoji, nothing, and far too much', () => {
  const painter = new TextPainter()
  for (const name of ['Zoë', 'Ждан', 'مرحبا', '漢字', '😀', "100% \\ ':,;[]=", 'a'.repeat(5000)]) {
    const mask = painter.paint(name, 20, 200)
    const { width } = mask
    const drawn = mask.data.some((share) => share > 128)
    expect({ name, drawn, fits: width > 0 && width <= 200 }).toEqual({ name, drawn: true, fits: true })
  }
  expect(painter.paint(' \u0000\n\u202e', 20, 200).width).toBe(0)
  expect(painter.paint('Ann', 20, 200)).toBe(painter.paint('Ann', 20, 200))
})
