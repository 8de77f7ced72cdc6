import type { DeviceKind } from './device-choice.ts'
import { type MediaProblem, mediaProblemOf } from './media-problem.ts'

export type OpenedDevice = { readonly track: MediaStreamTrack } | { readonly problem: MediaProblem }

/**
 * Opens one camera or microphone; never throws.
 * @param deviceId the browser's id; empty for its default device
 */
export async function openDevice(kind: DeviceKind, deviceId: string): Promise<OpenedDevice> {
  if (!canAskForMedia()) return { problem: 'insecure' }
  const device = deviceId === '' ? {} : { deviceId }
  try {
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'camera'
        ? { video: { ...device, width: { ideal: 1280 }, height: { ideal: 720 } } }
        : { audio: device },
    )
    const [track] = stream.getTracks()
    return track ? { track } : { problem: 'missing' }
  } catch (error) {
    return { problem: mediaProblemOf(error) }
  }
}

/**
 * Raises the browser's question for camera and microphone once instead of twice. Whatever the answer, each
 * device that is opened later tells its own.
 */
export async function askForMediaOnce(): Promise<void> {
  if (!canAskForMedia()) return
  const known = await navigator.mediaDevices.enumerateDevices()
  // Labels are there only where the question has been answered before
  if (known.some((device) => device.label !== '')) return
  const kinds = new Set(known.map((device) => device.kind))
  if (!kinds.has('audioinput') || !kinds.has('videoinput')) return
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
    for (const track of stream.getTracks()) track.stop()
  } catch {
    // Refused, or one device does not start: opening them singly finds out which
  }
}

/** Pages without https have no mediaDevices at all, whatever the DOM's types say. */
export function canAskForMedia(): boolean {
  return 'mediaDevices' in navigator
}
