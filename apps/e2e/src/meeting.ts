import type { Browser, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { randomBytes } from 'node:crypto'

/** A room name that no other test uses. */
export function uniqueRoomName(prefix = 'Room'): string {
  return `${prefix} ${randomBytes(4).toString('hex')}`
}

/** Keeps every RTCPeerConnection of the page, so that a test can read what really arrives. */
function keepPeerConnections(): void {
  const Original = window.RTCPeerConnection
  const kept: RTCPeerConnection[] = []
  Object.defineProperty(window, 'keptPeerConnections', { value: kept })
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      kept.push(this)
    }
  }
}

/**
 * One person with a browser context of their own, in a room.
 *
 * @param prepare before anything is loaded
 */
export async function join(
  browser: Browser,
  url: string,
  roomName: string,
  name: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<Page> {
  const context = await browser.newContext({
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  await page.addInitScript(keepPeerConnections)
  await prepare?.(page)
  await page.goto(`${url}/rooms/${encodeURIComponent(roomName)}`)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
  return page
}

export interface Received {
  readonly framesDecoded: number
  readonly audioEnergy: number
  /** Largest picture that arrives, in pixels. */
  readonly frameWidth: number
}

/** What a page has received from all others so far (W3C webrtc-stats, inbound-rtp). */
export function received(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const kept: unknown = Reflect.get(window, 'keptPeerConnections')
    const sum = { framesDecoded: 0, audioEnergy: 0, frameWidth: 0 }
    for (const connection of Array.isArray(kept) ? kept : []) {
      if (!(connection instanceof RTCPeerConnection) || connection.connectionState === 'closed') continue
      // Typed as a map without values in the DOM's declarations
      const report: Map<string, unknown> = await connection
        .getStats()
        .then((stats) => new Map(stats.entries()))
      for (const entry of report.values()) {
        const number = (key: string): number => {
          const value: unknown =
            typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined
          return typeof value === 'number' ? value : 0
        }
        if (typeof entry !== 'object' || entry === null || Reflect.get(entry, 'type') !== 'inbound-rtp')
          continue
        sum.framesDecoded += number('framesDecoded')
        sum.audioEnergy += number('totalAudioEnergy')
        sum.frameWidth = Math.max(sum.frameWidth, number('frameWidth'))
      }
    }
    return sum
  })
}

/** Waits until pictures arrive at this page and, unless everybody else is muted, sound. */
export async function expectMedia(page: Page, { sound = true } = {}): Promise<void> {
  const before = await received(page)
  await expect
    .poll(async () => (await received(page)).framesDecoded, { message: 'decoded frames grow' })
    .toBeGreaterThan(before.framesDecoded + 5)
  if (!sound) return
  await expect
    .poll(async () => (await received(page)).audioEnergy, { message: 'sound is heard' })
    .toBeGreaterThan(before.audioEnergy)
}
