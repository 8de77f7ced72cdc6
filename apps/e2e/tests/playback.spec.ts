import type { Locator, Page } from '@playwright/test'
import { openLibrary } from '../src/library.ts'
import { join, uniqueRoomName } from '../src/meeting.ts'
import { openRecordings, play, recordSeconds, videoState } from '../src/recording.ts'
import { expect, test } from '../src/test.ts'

// The shortest there is: a URL is renewed every 7.5 s
test.use({ environment: { PLAYBACK_URL_SECONDS: '10' } })

function playerState(video: Locator) {
  return video.evaluate((element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('no video')
    const { currentSrc, currentTime, paused, playbackRate, volume, error } = element
    return { currentSrc, currentTime, paused, playbackRate, volume, hasFailed: error !== null }
  })
}

async function currentSource(video: Locator): Promise<string> {
  return (await playerState(video)).currentSrc
}

/** Addresses that a page asks for. */
function requestsOf(page: Page, start: string): string[] {
  const urls: string[] = []
  page.on('request', (request) => {
    if (request.url().startsWith(start)) urls.push(request.url())
  })
  return urls
}

test('what plays goes on when its URL expires, and stays as it was', async ({ browser, product }) => {
  const alice = await join(browser, product.url, uniqueRoomName('Renewed'), 'Alice')
  await recordSeconds(alice, 12)
  const items = (await openRecordings(alice)).getByRole('listitem')
  const video = await play(alice, items)
  await alice.getByRole('dialog').getByLabel('Speed').selectOption('0.5×')
  await video.evaluate((element) => {
    if (element instanceof HTMLVideoElement) element.volume = 0.25
  })

  const first = await playerState(video)
  expect(first.currentSrc).toContain(product.s3Endpoint)
  await expect.poll(() => currentSource(video), { message: 'renewed' }).not.toBe(first.currentSrc)
  await expect
    .poll(async () => (await playerState(video)).currentTime, { message: 'it plays on' })
    .toBeGreaterThan(first.currentTime + 2)
  const second = await playerState(video)
  expect(second).toMatchObject({ paused: false, playbackRate: 0.5, volume: 0.25, hasFailed: false })

  await video.evaluate((element) => {
    if (element instanceof HTMLVideoElement) element.pause()
  })
  const paused = await playerState(video)
  await expect.poll(() => currentSource(video), { message: 'renewed' }).not.toBe(paused.currentSrc)
  await expect.poll(async () => (await playerState(video)).currentTime).toBeCloseTo(paused.currentTime, 1)
  expect(await playerState(video)).toMatchObject({ paused: true, playbackRate: 0.5, volume: 0.25 })
})

test('a URL that is refused in the middle is replaced, at the same place', async ({ browser, product }) => {
  const alice = await join(browser, product.url, uniqueRoomName('Refused'), 'Alice')
  await recordSeconds(alice, 6)
  const items = (await openRecordings(alice)).getByRole('listitem')
  const video = await play(alice, items)
  const before = await playerState(video)
  await alice.route(before.currentSrc, (route) => route.fulfill({ status: 403, body: 'Request has expired' }))
  await video.evaluate((element) => {
    if (!(element instanceof HTMLVideoElement)) return
    element.pause()
    element.currentTime = 3
  })
  await expect.poll(async () => (await playerState(video)).currentTime).toBeCloseTo(3, 1)
  // What the browser had is thrown away: it must ask again, and is refused
  await video.evaluate((element) => {
    if (element instanceof HTMLVideoElement) element.load()
  })
  await expect.poll(() => currentSource(video), { message: 'renewed' }).not.toBe(before.currentSrc)
  await expect.poll(async () => (await playerState(video)).currentTime).toBeCloseTo(3, 1)
  expect(await playerState(video)).toMatchObject({ paused: true, hasFailed: false })
})

test('where S3 is out of reach, everything comes through the app by itself', async ({
  browser,
  page,
  product,
}) => {
  const room = uniqueRoomName('Walled in')
  const alice = await join(browser, product.url, room, 'Alice')
  await recordSeconds(alice, 3)
  const items = (await openRecordings(alice)).getByRole('listitem')
  await items.getByRole('button', { name: 'Share', exact: true }).click()
  await alice.getByRole('button', { name: 'Create link' }).click()
  const address = alice.getByRole('dialog').getByRole('textbox')
  await expect(address).toHaveValue(/^http/)
  const link = await address.inputValue()
  await alice.context().close()

  await page.context().route(`${product.s3Endpoint}/**`, (route) => route.abort('connectionrefused'))
  const rows = await openLibrary(page, product, `?search=${encodeURIComponent(room)}`)
  const picture = rows.locator('img')
  await expect
    .poll(() => picture.evaluate((element) => element instanceof HTMLImageElement && element.naturalWidth))
    .toBeGreaterThan(0)
  const direct = requestsOf(page, product.s3Endpoint)
  const video = await play(page, rows)
  expect(await currentSource(video)).toContain(`${product.url}/media/`)
  expect(direct.length).toBeGreaterThan(0)

  // Once is enough to learn it
  await page.keyboard.press('Escape')
  direct.length = 0
  await play(page, rows)
  expect(direct).toEqual([])

  await page.goto(link)
  const shared = page.locator('video')
  await expect.poll(async () => (await videoState(shared)).videoWidth).toBeGreaterThan(0)
  expect(await currentSource(shared)).toContain(`${product.url}/media/`)
})

test('a server that is away for a moment is asked again; one that stays away is said to be', async ({
  browser,
  product,
}) => {
  const alice = await join(browser, product.url, uniqueRoomName('Away'), 'Alice')
  await recordSeconds(alice, 2)
  const items = (await openRecordings(alice)).getByRole('listitem')
  let refusals = 2
  await alice.route('**/trpc/recordings.playback**', (route) => {
    refusals -= 1
    return refusals >= 0 ? route.abort() : route.continue()
  })
  await play(alice, items)
  expect(refusals).toBeLessThan(0)
  await alice.keyboard.press('Escape')

  refusals = Number.POSITIVE_INFINITY
  await items.getByRole('button', { name: 'Play', exact: true }).click()
  const dialog = alice.getByRole('dialog')
  await expect(dialog.getByRole('alert')).toContainText("The server can't be reached.")
  refusals = 0
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expect
    .poll(async () => (await videoState(dialog.locator('video'))).currentTime, { message: 'it plays' })
    .toBeGreaterThan(0.3)
})
