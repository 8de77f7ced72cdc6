/**
 * How long from the click on "Join" to the first picture of somebody else?
 * Budget: median of 1 s. Timed inside the page: the click until a remote video presents a frame. The other is
 * a 360p camera in the room; the page is loaded anew each time, and what it preloads is there before the click.
 */
import { chromium, type Browser } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '@roomreel/tooling/chromium'
import { z } from 'zod'
import { SMALL_CAMERA } from '../meeting/participants.ts'
import { holdMeeting } from '../meeting/meeting.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'

const RUNS = 5
const LIMIT_MS = 60_000

export const join: Question = {
  name: 'join',
  title: 'Join → first remote frame',
  async measure() {
    const executablePath = findChromium()
    if (executablePath === undefined) throw new Error('There is no Chromium or Chrome: set CHROMIUM_PATH.')
    await using folder = await dataFolder()
    await using product = await startProduct(folder.path)
    await using meeting = await holdMeeting(product, 1, SMALL_CAMERA)
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] })
    try {
      const url = `${product.url}/rooms/${encodeURIComponent(meeting.roomName)}`
      await joinOnce(browser, url)
      const values: number[] = []
      for (let run = 0; run < RUNS; run++) values.push(await joinOnce(browser, url))
      return [{ name: 'click to picture', unit: 's', budget: 1, values }]
    } finally {
      await browser.close()
    }
  },
}

/** @returns seconds from the click to the first presented remote frame */
async function joinOnce(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] })
  try {
    const page = await context.newPage()
    await page.addInitScript(watchForRemoteFrame)
    // As for a person, who looks at the preview first: by then the room's code is there
    await page.goto(url, { waitUntil: 'networkidle' })
    await page.getByRole('textbox', { name: 'Your name' }).fill('Bench')
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.waitForFunction(() => Reflect.has(window, 'firstRemoteFrameMs'), undefined, {
      timeout: LIMIT_MS,
    })
    const elapsedMs: unknown = await page.evaluate((): unknown => Reflect.get(window, 'firstRemoteFrameMs'))
    return z.number().positive().parse(elapsedMs) / 1000
  } finally {
    await context.close()
  }
}

/** Runs in the page before its own scripts; leaves the time in `window.firstRemoteFrameMs`. */
function watchForRemoteFrame(): void {
  const remoteTracks = new Set<MediaStreamTrack>()
  const watched = new WeakSet<HTMLVideoElement>()
  let clickedAt: number | undefined
  const Original = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('track', ({ track }) => remoteTracks.add(track))
    }
  }
  document.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null
      if (button?.textContent?.trim() === 'Join') clickedAt = performance.now()
    },
    { capture: true },
  )
  const look = (): void => {
    for (const video of document.querySelectorAll('video')) {
      const { srcObject } = video
      if (watched.has(video) || !(srcObject instanceof MediaStream)) continue
      if (!srcObject.getVideoTracks().some((track) => remoteTracks.has(track))) continue
      watched.add(video)
      video.requestVideoFrameCallback((now) => {
        if (clickedAt !== undefined && !Reflect.has(window, 'firstRemoteFrameMs')) {
          Object.defineProperty(window, 'firstRemoteFrameMs', { value: now - clickedAt })
        }
      })
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
