import { afterAll, afterEach, beforeAll } from 'vitest'
import type { VideoGrant } from 'livekit-server-sdk'
import type { JoinOptions, PageApi } from '../browser-page/page.ts'
import { startBrowser, type TestBrowser, type TestPage } from './browser.ts'
import { eventually } from './eventually.ts'
import { startServer, type TestServer } from './server.ts'

export interface Joining extends Partial<JoinOptions> {
  grant?: VideoGrant
}

/** A server and a browser for the tests of one file. */
export interface Meeting {
  readonly server: TestServer
  /** Opens a page and joins; the page is closed when the test ends. */
  join(identity: string, room: string, options?: Joining): Promise<TestPage>
}

/**
 * Starts server and browser before the file's tests and stops them afterwards.
 * @param start the server; by default that of this world
 */
export function useMeeting(start: () => Promise<TestServer> = startServer): Meeting {
  let server: TestServer | undefined
  let browser: TestBrowser | undefined
  const pages: TestPage[] = []
  const running = (): { server: TestServer; browser: TestBrowser } => {
    if (!server || !browser) throw new Error('only to be used inside a test')
    return { server, browser }
  }
  beforeAll(async () => {
    server = await start()
    browser = await startBrowser()
  })
  afterEach(async () => {
    for (const { page } of pages.splice(0)) await page.context().close()
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.close()
  })
  return {
    get server() {
      return running().server
    },
    async join(identity, room, { grant, ...options } = {}) {
      const { server: started, browser: opened } = running()
      const page = await opened.open()
      pages.push(page)
      await page.join({
        url: started.url,
        token: await started.token(identity, room, grant),
        publish: false,
        ...options,
      })
      return page
    },
  }
}

/** Frames decoded so far of somebody's camera or screen. */
export async function framesOf(page: TestPage, identity: string, source = 'camera'): Promise<number> {
  const { video } = await page.received()
  return video.find((entry) => entry.identity === identity && entry.source === source)?.framesDecoded ?? 0
}

/** Whether pictures and sound of somebody arrive. */
export async function seesAndHears(page: TestPage, identity: string): Promise<boolean> {
  const { audio } = await page.received()
  const hears = audio.some((entry) => entry.identity === identity && entry.energy > 0)
  return hears && (await framesOf(page, identity)) > 5
}

/** Packets of about a second of sound. */
const SECOND_OF_SOUND = 50

/** Whether no picture of somebody is decoded during about a second of its sound. */
export async function seesNothingOf(page: TestPage, identity: string): Promise<boolean> {
  const heard = async (): Promise<number> =>
    (await page.received()).audio.find((entry) => entry.identity === identity)?.packetsReceived ?? 0
  const [frames, packets] = [await framesOf(page, identity), await heard()]
  await eventually(`sound of ${identity} arrives`, async () => (await heard()) >= packets + SECOND_OF_SOUND)
  return (await framesOf(page, identity)) === frames
}

/** Waits until the page has noted `event`. */
export async function happened(page: TestPage, event: string): Promise<boolean> {
  return eventually(`event "${event}"`, async () => (await page.events()).includes(event))
}

const PROBES = ['probe reliable', 'probe lossy']

/** Data that have come to a page, but for those of `dataReach`. */
export async function dataOf(page: TestPage): Promise<PageApi['data']> {
  const data = await page.page.evaluate(() => globalThis.api.data)
  return data.filter(({ topic }) => !PROBES.includes(topic))
}

/**
 * Waits until data of one page reach others: a client is connected before its data channels are open, and what is sent
 * until then does not reach it.
 */
export async function dataReach(from: TestPage, ...to: readonly TestPage[]): Promise<void> {
  await eventually('data reach the others', async () => {
    await from.page.evaluate(async ([reliable = '', lossy = '']) => {
      await globalThis.api.send('', { topic: reliable, reliable: true })
      await globalThis.api.send('', { topic: lossy, reliable: false })
    }, PROBES)
    const topics = await Promise.all(
      to.map(({ page }) => page.evaluate(() => globalThis.api.data.map(({ topic }) => topic))),
    )
    return topics.every((heard) => PROBES.every((probe) => heard.includes(probe)))
  })
}
