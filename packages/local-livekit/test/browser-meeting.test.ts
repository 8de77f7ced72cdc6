import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser, type TestBrowser, type TestPage } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { startServer, type TestServer } from './support/server.ts'

let server: TestServer
let browser: TestBrowser

beforeAll(async () => {
  server = await startServer()
  browser = await startBrowser()
})

afterAll(async () => {
  await browser[Symbol.asyncDispose]()
  await server.close()
})

async function joinPage(
  identity: string,
  room: string,
  options: { dual?: boolean; publish?: boolean } = {},
): Promise<TestPage> {
  const page = await browser.open()
  await page.join({
    url: server.url,
    token: await server.token(identity, room),
    publish: options.publish ?? true,
    dual: options.dual ?? false,
  })
  return page
}

async function seesAndHears(page: TestPage, identity: string): Promise<boolean> {
  const { video, audio } = await page.received()
  return (
    video.some((entry) => entry.identity === identity && entry.framesDecoded > 5) &&
    audio.some((entry) => entry.identity === identity && entry.energy > 0)
  )
}

describe.each([{ dual: false }, { dual: true }])(
  'a meeting of two browsers (dual connections: $dual)',
  ({ dual }) => {
    it('lets both see and hear each other', async () => {
      const room = `meeting-${String(dual)}`
      const alice = await joinPage('alice', room, { dual })
      const bob = await joinPage('bob', room, { dual })
      await eventually('alice sees and hears bob', () => seesAndHears(alice, 'bob'))
      await eventually('bob sees and hears alice', () => seesAndHears(bob, 'alice'))
      expect(await alice.events()).toContain('joined bob')
      await alice.page.close()
      await bob.page.close()
    })
  },
)
