/** What a key does in the player. */
export type PlayerCommand =
  | { readonly kind: 'toggle' }
  /** `seconds` from where it is. */
  | { readonly kind: 'seek'; readonly seconds: number }
  /** `share` of the whole, 0 to 1. */
  | { readonly kind: 'jump'; readonly share: number }
  | { readonly kind: 'mute' }
  | { readonly kind: 'fullScreen' }

const SMALL_STEP_SECONDS = 5
const LARGE_STEP_SECONDS = 10

/** The keys that people know from other players. Pure. */
export function playerCommand(key: string): PlayerCommand | undefined {
  if (/^\d$/.test(key)) return { kind: 'jump', share: Number(key) / 10 }
  switch (key.toLowerCase()) {
    case ' ':
    case 'k':
      return { kind: 'toggle' }
    case 'arrowleft':
      return { kind: 'seek', seconds: -SMALL_STEP_SECONDS }
    case 'arrowright':
      return { kind: 'seek', seconds: SMALL_STEP_SECONDS }
    case 'j':
      return { kind: 'seek', seconds: -LARGE_STEP_SECONDS }
    case 'l':
      return { kind: 'seek', seconds: LARGE_STEP_SECONDS }
    case 'm':
      return { kind: 'mute' }
    case 'f':
      return { kind: 'fullScreen' }
    default:
      return undefined
  }
}
