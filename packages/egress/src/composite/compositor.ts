import type { LayoutName, ThemeName } from '../request/recording-plan.ts'
import { Canvas } from './canvas.ts'
import type { I420Picture } from './i420-picture.ts'
import type { Rect } from './layout.ts'
import { arrangeTiles, TILE_GAP_PX } from './layout.ts'
import type { StagePerson } from './stage.ts'
import { cameraTile, chooseStage, screenTile, tilesOf } from './stage.ts'
import { TextPainter } from './text-painter.ts'
import type { Theme } from './theme.ts'
import { THEMES, tileColour } from './theme.ts'
import { VideoTile } from './video-tile.ts'

export type VideoKind = 'camera' | 'screen'

/** The size a picture is shown at. */
export interface TileSize {
  identity: string
  kind: VideoKind
  widthPx: number
  heightPx: number
}

export interface CompositorOptions {
  widthPx: number
  heightPx: number
  layout: LayoutName
  theme: ThemeName
}

interface Person extends StagePerson {
  name: string
  speaking: boolean
  camera: VideoTile
  screen: VideoTile
}

const WHITE_TEXT = 235
/** For tiles there is no room for: they may come into view at any moment. */
const SMALLEST = { width: 160, height: 90 }

/**
 * Keeps one picture of the room up to date: who is in it, what they show, who speaks.
 * Only what changed since the last call is drawn again.
 */
export class Compositor implements Disposable {
  readonly canvas: Canvas
  #layout: LayoutName
  #theme: Theme
  readonly #text = new TextPainter()
  /** In order of arrival. As many as the room has participants. */
  readonly #people = new Map<string, Person>()
  #places = new Map<string, Rect>()
  #layoutChanged = true
  #sizesChanged = false
  #clock = 0

  constructor({ widthPx, heightPx, layout, theme }: CompositorOptions) {
    this.canvas = new Canvas(widthPx, heightPx)
    this.#layout = layout
    this.#theme = THEMES[theme]
  }

  setLayout(layout: LayoutName, theme: ThemeName): void {
    this.#layout = layout
    this.#theme = THEMES[theme]
    this.#layoutChanged = true
  }

  /** Adds a person, or gives one a new name. */
  setPerson(identity: string, name: string): void {
    const known = this.#people.get(identity)
    if (known?.name === name) return
    this.#layoutChanged = true
    if (known) {
      known.name = name
      return
    }
    this.#people.set(identity, {
      identity,
      name,
      screenSince: null,
      spokeAt: 0,
      hasCamera: false,
      speaking: false,
      camera: new VideoTile(),
      screen: new VideoTile(),
    })
  }

  removePerson(identity: string): void {
    const person = this.#people.get(identity)
    if (!person) return
    this.#people.delete(identity)
    person.camera[Symbol.dispose]()
    person.screen[Symbol.dispose]()
    this.#layoutChanged = true
  }

  /** Says who speaks now; everyone else does not. */
  setSpeakers(identities: readonly string[]): void {
    const speaking = new Set(identities)
    for (const person of this.#people.values()) {
      const now = speaking.has(person.identity)
      if (now === person.speaking) continue
      person.speaking = now
      if (now) person.spokeAt = ++this.#clock
      this.#layoutChanged = true
    }
  }

  /** Shows a picture of someone known; of anybody else it is ignored. */
  pushPicture(identity: string, kind: VideoKind, picture: I420Picture): void {
    const person = this.#people.get(identity)
    if (!person) return
    if (kind === 'camera' && !person.hasCamera) {
      person.hasCamera = true
      this.#layoutChanged = true
    }
    if (kind === 'screen' && person.screenSince === null) {
      person.screenSince = ++this.#clock
      this.#layoutChanged = true
    }
    if (person[kind].push(picture)) this.#layoutChanged = true
  }

  /** The track is muted, unpublished or lost: a camera gives way to the name, a screen share leaves. */
  clearVideo(identity: string, kind: VideoKind): void {
    const person = this.#people.get(identity)
    if (!person) return
    person[kind].clear()
    if (kind === 'camera') person.hasCamera = false
    else person.screenSince = null
    this.#layoutChanged = true
  }

  /** Pictures that came faster than they were drawn. */
  get replacedPictures(): number {
    let sum = 0
    for (const { camera, screen } of this.#people.values()) sum += camera.replaced + screen.replaced
    return sum
  }

  /**
   * How large each picture is shown, in pixels, where that has changed since the last call; null if nothing
   * has. A sender that offers several sizes need not send a larger one.
   */
  takeTileSizes(): TileSize[] | null {
    if (!this.#sizesChanged) return null
    this.#sizesChanged = false
    const sizes: TileSize[] = []
    for (const { identity, screenSince } of this.#people.values()) {
      const camera = this.#places.get(cameraTile(identity)) ?? SMALLEST
      sizes.push({ identity, kind: 'camera', widthPx: camera.width, heightPx: camera.height })
      if (screenSince === null) continue
      const screen = this.#places.get(screenTile(identity)) ?? SMALLEST
      sizes.push({ identity, kind: 'screen', widthPx: screen.width, heightPx: screen.height })
    }
    return sizes
  }

  /** Brings the canvas up to date. */
  render(): Canvas {
    const all = this.#layoutChanged
    if (all) this.#arrange()
    for (const person of this.#people.values()) {
      this.#drawTile(person, 'camera', cameraTile(person.identity), all)
      if (person.screenSince !== null) this.#drawTile(person, 'screen', screenTile(person.identity), all)
    }
    this.#layoutChanged = false
    return this.canvas
  }

  #arrange(): void {
    const people = [...this.#people.values()]
    const { canvas } = this
    canvas.paint({ x: 0, y: 0, width: canvas.width, height: canvas.height }, this.#theme.background)
    this.#sizesChanged = true
    const stage = chooseStage(this.#layout, people)
    this.#places = arrangeTiles(this.#layout, canvas, tilesOf(people), stage)
  }

  #drawTile(person: Person, kind: VideoKind, id: string, all: boolean): void {
    const cell = this.#places.get(id)
    const tile = person[kind]
    if (!cell || (!all && !tile.isStale)) return
    const place = tile.draw(this.canvas, cell) ?? cell
    if (kind === 'camera') {
      if (!tile.hasPicture) this.#drawInitial(person, cell)
      if (all && person.speaking) this.canvas.strokeAround(place, TILE_GAP_PX, this.#theme.speaking)
    }
    this.#drawName(kind === 'screen' ? `${person.name} (screen)` : person.name, place)
  }

  #drawInitial(person: Person, cell: Rect): void {
    this.canvas.paint(cell, tileColour(this.#theme, person.identity))
    const [letter] = [...new Intl.Segmenter().segment(person.name.trim())]
    if (!letter) return
    const size = Math.max(16, Math.round(Math.min(cell.height, cell.width) / 3))
    const mask = this.#text.paint(letter.segment.toUpperCase(), size, cell.width)
    this.canvas.drawMask(
      mask,
      cell.x + ((cell.width - mask.width) >> 1),
      cell.y + Math.max(0, (cell.height - mask.height) >> 1),
      this.#theme.initial,
    )
  }

  /** A dark bar with the name at the bottom left of a tile. */
  #drawName(name: string, place: Rect): void {
    const size = Math.min(28, Math.max(12, Math.round(place.height / 16)))
    const padding = size >> 1
    const room = place.width - 4 * padding
    if (room < size * 2 || place.height < size * 3) return
    const mask = this.#text.paint(name, size, room)
    if (mask.width === 0) return
    const bar = {
      x: place.x + padding,
      y: place.y + place.height - padding - mask.height,
      width: mask.width + 2 * padding,
      height: mask.height,
    }
    this.canvas.darken(bar)
    this.canvas.drawMask(mask, bar.x + padding, bar.y, WHITE_TEXT)
  }

  [Symbol.dispose](): void {
    for (const identity of this.#people.keys()) this.removePerson(identity)
    this.canvas[Symbol.dispose]()
  }
}
