import { localMemory, readStoredText, writeStoredText } from '../browser/stored-text.ts'

const KEY = 'roomreel.positions'
/** Recordings whose position is kept; the one watched longest ago is forgotten. */
const MAX_POSITIONS = 100
/** Seconds at both ends at which nobody wants to be taken back to. */
const ENDS_SECONDS = 5

/** Name and position in seconds; the one watched last is last. */
export type Positions = readonly (readonly [name: string, seconds: number])[]

/** The positions after one more second of watching. At either end there is nothing to come back to. Pure. */
export function withPosition(
  positions: Positions,
  name: string,
  seconds: number,
  duration: number,
): Positions {
  const others = positions.filter(([other]) => other !== name)
  if (seconds < ENDS_SECONDS || seconds > duration - ENDS_SECONDS) return others
  return [...others, [name, Math.floor(seconds)] as const].slice(-MAX_POSITIONS)
}

/** Reads what was kept; whatever is no position is left out. Pure. */
export function parsePositions(text: string | undefined): Positions {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    if (!Array.isArray(value)) return []
    return value.flatMap((entry: unknown) => {
      const pair: readonly unknown[] = Array.isArray(entry) ? entry : []
      const [name, seconds] = pair
      return typeof name === 'string' && typeof seconds === 'number' ? [[name, seconds] as const] : []
    })
  } catch {
    // Not ours any more: begin anew
    return []
  }
}

/** Where this browser stopped watching a recording, in seconds. */
export function recallPosition(name: string): number | undefined {
  return parsePositions(readStoredText(localMemory, KEY)).find(([other]) => other === name)?.[1]
}

export function rememberPosition(name: string, seconds: number, duration: number): void {
  const positions = parsePositions(readStoredText(localMemory, KEY))
  writeStoredText(localMemory, KEY, JSON.stringify(withPosition(positions, name, seconds, duration)))
}
