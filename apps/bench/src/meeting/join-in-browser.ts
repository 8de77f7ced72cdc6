import type { Browser } from '@playwright/test'
import { z } from 'zod'

const LIMIT_MS = 60_000

/**
 * Somebody joins in a page of the product, which is loaded anew.
 * @returns seconds from the click on Join to the first presented frame of somebody else
 */
export async function joinInBrowser(browser: Browser, url: string): Promise<number> {
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
