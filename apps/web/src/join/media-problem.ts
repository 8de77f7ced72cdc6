import type { DeviceKind } from './device-choice.ts'

/** Why a camera or a microphone can't be had. */
export type MediaProblem = 'denied' | 'missing' | 'busy' | 'insecure'

/** Reads what getUserMedia threw (W3C Media Capture, section 10.2.1 step 10 and following). Pure. */
export function mediaProblemOf(error: unknown): MediaProblem {
  if (!(error instanceof Error)) return 'busy'
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    default:
      return 'busy'
  }
}

const NOUNS: Record<DeviceKind, string> = { camera: 'camera', microphone: 'microphone' }

/** What a person is told, and what to do. Pure. */
export function mediaProblemText(kind: DeviceKind, problem: MediaProblem): string {
  const noun = NOUNS[kind]
  switch (problem) {
    case 'denied':
      return `This page may not use your ${noun}. To allow it, open the site settings beside the address and choose Allow for ${noun}.`
    case 'missing':
      return `No ${noun} was found. You can join without one.`
    case 'busy':
      return `Your ${noun} doesn't start. Another program may be using it: close that one, then switch it on again.`
    case 'insecure':
      return `Browsers share the ${noun} with pages over https alone. You can join without it.`
  }
}
