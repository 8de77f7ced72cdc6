/**
 * How much longer than with the real livekit-server is it from the click on "Join" to the first picture?
 * Budget: 1.2 times; in turn, so that both meet the same machine.
 */
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '@roomreel/tooling/chromium'
import { joinInBrowser } from '../meeting/join-in-browser.ts'
import { holdMeeting } from '../meeting/meeting.ts'
import { SMALL_CAMERA } from '../meeting/participants.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'
import { startRealProduct } from '../real-product.ts'

const ROUNDS = 7

export const realJoin: Question = {
  name: 'real-join',
  title: 'Join → first remote frame, local-livekit over livekit-server',
  programs: ['livekit-server', 'redis-server', 'minio'],
  async measure() {
    const executablePath = findChromium()
    if (executablePath === undefined) throw new Error('There is no Chromium or Chrome: set CHROMIUM_PATH.')
    await using folder = await dataFolder()
    await using otherFolder = await dataFolder()
    await using embedded = await startProduct(folder.path)
    await using real = await startRealProduct(otherFolder.path)
    await using embeddedMeeting = await holdMeeting(embedded, 1, SMALL_CAMERA)
    await using realMeeting = await holdMeeting(real, 1, SMALL_CAMERA)
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] })
    try {
      const embeddedUrl = `${embedded.url}/rooms/${encodeURIComponent(embeddedMeeting.roomName)}`
      const realUrl = `${real.url}/rooms/${encodeURIComponent(realMeeting.roomName)}`
      await joinInBrowser(browser, embeddedUrl)
      await joinInBrowser(browser, realUrl)
      const local: number[] = []
      const theirs: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        local.push(await joinInBrowser(browser, embeddedUrl))
        theirs.push(await joinInBrowser(browser, realUrl))
      }
      return [
        {
          name: 'local over real',
          unit: '×',
          budget: 1.2,
          values: local.map((seconds, round) => seconds / (theirs[round] ?? Number.NaN)),
        },
        { name: 'local', unit: 's', values: local },
        { name: 'real', unit: 's', values: theirs },
      ]
    } finally {
      await browser.close()
    }
  },
}
