import type { LayoutName, ThemeName } from './recording-plan.ts'

/**
 * `grid`, `speaker` and `single-speaker`, each with `-light` or `-dark`, as in LiveKit's own template;
 * anything else is the grid there, and so it is here.
 */
export function parseLayout(name: string): { layout: LayoutName; theme: ThemeName } {
  const theme: ThemeName = name.endsWith('-light') ? 'light' : 'dark'
  if (name.startsWith('single-speaker')) return { layout: 'single-speaker', theme }
  return { layout: name.startsWith('speaker') ? 'speaker' : 'grid', theme }
}
