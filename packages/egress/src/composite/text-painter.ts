import { createRequire } from 'node:module'
import { AV_OPT_SEARCH_CHILDREN, AV_OPT_TYPE_STRING } from 'node-av/constants'
import { FFmpegError, Filter, FilterGraph, Frame } from 'node-av/lib'
import type { Mask } from './canvas.ts'

/** More different texts than a room shows; the oldest goes first. */
const MAX_CACHED_TEXTS = 256
const ELLIPSIS = '…'

/**
 * Turns text into masks with FFmpeg's `drawtext` (FreeType, HarfBuzz and FriBidi, so Arabic is joined and
 * runs from right to left). DejaVu Sans has Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian and Georgian;
 * what it lacks shows as a box. The font file comes from npm: no fontconfig, no fonts of the machine.
 */
export class TextPainter {
  readonly #fontFile = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')
  readonly #cache = new Map<string, Mask>()

  /**
   * @param maxWidthPx longer text is cut and ends in an ellipsis
   * @returns a mask as wide as the text's ink; of width 0 if there is nothing to draw
   */
  paint(text: string, fontSizePx: number, maxWidthPx: number): Mask {
    const key = `${fontSizePx}/${maxWidthPx}/${text}`
    const known = this.#cache.get(key)
    if (known) return known
    const mask = this.#paintWithin(printable(text), fontSizePx, maxWidthPx)
    const [oldest] = this.#cache.keys()
    if (this.#cache.size >= MAX_CACHED_TEXTS && oldest !== undefined) this.#cache.delete(oldest)
    this.#cache.set(key, mask)
    return mask
  }

  #paintWithin(text: string, fontSizePx: number, maxWidthPx: number): Mask {
    if (text === '') return { width: 0, height: 0, data: new Uint8Array(0) }
    // Room for one more letter, to see whether the text goes on beyond the width
    const canvasWidth = maxWidthPx + 2 * fontSizePx
    let letters = [...new Intl.Segmenter().segment(text)].map((part) => part.segment)
    // No letter is narrower than a fifth of its height
    letters = letters.slice(0, Math.ceil((canvasWidth / fontSizePx) * 5))
    let shown = letters.join('')
    for (;;) {
      const mask = renderText(this.#fontFile, shown, fontSizePx, canvasWidth)
      if (mask.width <= maxWidthPx || letters.length <= 1) return cropWidth(mask, maxWidthPx)
      const excess = Math.max(1, Math.floor(letters.length * (1 - maxWidthPx / mask.width)))
      letters = letters.slice(0, letters.length - excess)
      shown = letters.join('').trimEnd() + ELLIPSIS
    }
  }
}

function renderText(fontFile: string, text: string, fontSizePx: number, widthPx: number): Mask {
  const height = Math.ceil(fontSizePx * 1.4)
  using graph = new FilterGraph()
  graph.alloc()
  const source = createFilter(graph, 'color', `c=black:s=${widthPx}x${height}:r=1:d=1`)
  const gray = createFilter(graph, 'format', 'pix_fmts=gray')
  const sink = createFilter(graph, 'buffersink', null)
  const filter = Filter.getByName('drawtext')
  const drawText = filter && graph.allocFilter(filter, 'drawtext')
  if (!drawText) throw new Error('This build of FFmpeg has no drawtext filter.')
  const options = {
    fontfile: fontFile,
    text,
    // The text may hold anything: neither % nor backslashes mean something
    expansion: 'none',
    fontcolor: 'white',
    fontsize: String(fontSizePx),
    x: '0',
    y: String(Math.round(fontSizePx * 0.15)),
    y_align: 'font',
  }
  for (const [name, value] of Object.entries(options)) {
    const result = drawText.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN)
    FFmpegError.throwIfError(result, `set drawtext's ${name}`)
  }
  FFmpegError.throwIfError(drawText.initStr(null), 'set up drawtext')
  FFmpegError.throwIfError(source.link(0, gray, 0), 'link color to format')
  FFmpegError.throwIfError(gray.link(0, drawText, 0), 'link format to drawtext')
  FFmpegError.throwIfError(drawText.link(0, sink, 0), 'link drawtext to buffersink')
  FFmpegError.throwIfError(graph.configSync(), 'configure the text filter')
  using frame = new Frame()
  frame.alloc()
  FFmpegError.throwIfError(sink.buffersinkGetFrameSync(frame), 'draw text')
  const [pixels] = frame.data ?? []
  const [stride] = frame.linesize
  if (!pixels || stride === undefined) throw new Error('drawtext gave no picture.')
  return inkOf(pixels, stride, frame.width, frame.height)
}

function createFilter(graph: FilterGraph, name: string, options: string | null) {
  const filter = Filter.getByName(name)
  const context = filter && graph.createFilter(filter, name, options)
  if (!context) throw new Error(`This build of FFmpeg has no ${name} filter.`)
  return context
}

/** Copies what is drawn, without the empty columns on either side. */
function inkOf(pixels: Buffer, stride: number, width: number, height: number): Mask {
  let first = width
  let last = -1
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // "color" gives limited-range black, 16, on some versions and 0 on others
      if ((pixels[row * stride + column] ?? 0) <= 24) continue
      if (column < first) first = column
      if (column > last) last = column
    }
  }
  const inkWidth = Math.max(0, last - first + 1)
  const data = new Uint8Array(inkWidth * height)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < inkWidth; column++) {
      const value = pixels[row * stride + first + column] ?? 0
      data[row * inkWidth + column] = value <= 24 ? 0 : value
    }
  }
  return { width: inkWidth, height, data }
}

function cropWidth(mask: Mask, maxWidthPx: number): Mask {
  if (mask.width <= maxWidthPx) return mask
  const data = new Uint8Array(maxWidthPx * mask.height)
  for (let row = 0; row < mask.height; row++) {
    data.set(mask.data.subarray(row * mask.width, row * mask.width + maxWidthPx), row * maxWidthPx)
  }
  return { width: maxWidthPx, height: mask.height, data }
}

/** Names come from anyone: no line breaks, no control characters, no directional overrides. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()
}
