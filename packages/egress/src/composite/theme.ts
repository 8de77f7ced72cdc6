import type { ThemeName } from '../request/recording-plan.ts'
import type { YuvColour } from './canvas.ts'

export interface Theme {
  background: YuvColour
  /** What a tile without picture is filled with; one is chosen per person. */
  tiles: readonly YuvColour[]
  speaking: YuvColour
  /** Brightness of the large initial on a tile without picture. */
  initial: number
}

const SPEAKING: YuvColour = { y: 125, u: 185, v: 70 }

export const THEMES: Record<ThemeName, Theme> = {
  dark: {
    background: { y: 22, u: 130, v: 127 },
    tiles: [
      { y: 60, u: 140, v: 122 },
      { y: 60, u: 122, v: 140 },
      { y: 60, u: 120, v: 120 },
      { y: 60, u: 140, v: 138 },
      { y: 60, u: 116, v: 130 },
    ],
    speaking: SPEAKING,
    initial: 225,
  },
  light: {
    background: { y: 228, u: 129, v: 127 },
    tiles: [
      { y: 190, u: 140, v: 122 },
      { y: 190, u: 122, v: 138 },
      { y: 190, u: 120, v: 120 },
      { y: 190, u: 138, v: 136 },
      { y: 190, u: 116, v: 130 },
    ],
    speaking: SPEAKING,
    initial: 60,
  },
}

/** The same person always gets the same colour. */
export function tileColour(theme: Theme, identity: string): YuvColour {
  let hash = 0
  for (const letter of identity) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0
  return theme.tiles[hash % theme.tiles.length] ?? theme.background
}
