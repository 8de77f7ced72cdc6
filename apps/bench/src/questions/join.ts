/**
 * How long from the click on "Join" to the first picture of somebody else?
 * Budget: median of 1 s. Timed inside the page: the click until a remote video presents a frame. The other is
 * a 360p camera in the room; the page is loaded anew each time, and what it preloads is there before the click.
 */
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '@roomreel/tooling/chromium'
import { joinInBrowser } from '../meeting/join-in-browser.ts'
import { SMALL_CAMERA } from '../meeting/participants.ts'
import { holdMeeting } from '../meeting/meeting.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'

const RUNS = 5

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
      await joinInBrowser(browser, url)
      const values: number[] = []
      for (let run = 0; run < RUNS; run++) values.push(await joinInBrowser(browser, url))
      return [{ name: 'click to picture', unit: 's', budget: 1, values }]
    } finally {
      await browser.close()
    }
  },
}
