import { readStoredText, tabMemory, writeStoredText } from '../browser/stored-text.ts'
import type { DeviceChoice } from './device-choice.ts'

const KEY = 'roomreel.inRoom'

/** Who is in which room in this tab: a reload brings them back in without asking again. */
export interface Reentry {
  readonly roomName: string
  readonly participantName: string
  readonly devices: DeviceChoice
}

export function rememberReentry(reentry: Reentry | undefined): void {
  writeStoredText(tabMemory, KEY, reentry && JSON.stringify(reentry))
}

/**
 * The room that this tab was in before it was reloaded. A tab that was opened, duplicated or restored asks at
 * the door instead: nobody's camera goes live by surprise.
 */
export function recallReentry(roomName: string | undefined): Reentry | undefined {
  const [navigation] = performance.getEntriesByType('navigation')
  if (!(navigation instanceof PerformanceNavigationTiming) || navigation.type !== 'reload') return undefined
  const reentry = parseReentry(readStoredText(tabMemory, KEY))
  return reentry?.roomName === roomName ? reentry : undefined
}

/** Reads what was remembered; whatever is not whole counts as nothing. Pure. */
export function parseReentry(text: string | undefined): Reentry | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const roomName = field(value, 'roomName')
    const participantName = field(value, 'participantName')
    if (typeof roomName !== 'string' || typeof participantName !== 'string') return undefined
    const devices = field(value, 'devices')
    return {
      roomName,
      participantName,
      devices: { microphone: setting(devices, 'microphone'), camera: setting(devices, 'camera') },
    }
  } catch {
    // Not ours any more: ask at the door
    return undefined
  }
}

function setting(devices: unknown, kind: string): { isOn: boolean; deviceId: string } {
  const value = field(devices, kind)
  const deviceId = field(value, 'deviceId')
  return { isOn: field(value, 'isOn') === true, deviceId: typeof deviceId === 'string' ? deviceId : '' }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
