import type { Browser, Page } from '@playwright/test'
import { openLibrary } from '../src/library.ts'
import { join, uniqueRoomName } from '../src/meeting.ts'
import { openRecordings, recordSeconds, videoState } from '../src/recording.ts'
import { expect, test } from '../src/test.ts'

/** A browser that has never seen the app. */
async function freshPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage()
}

/** Every address that a page asks for, with what it says of where it comes from. */
function requestsOf(page: Page): string[] {
  const seen: string[] = []
  page.on('request', (request) => {
    seen.push(`${request.url()} ${request.headers()['referer'] ?? ''}`)
  })
  return seen
}

async function createLink(page: Page, rights?: string): Promise<string> {
  const dialog = page.getByRole('dialog')
  if (rights !== undefined) await dialog.getByLabel('Whoever has the link can').selectOption(rights)
  await dialog.getByRole('button', { name: /^Create (?:another )?link$/ }).click()
  const links = dialog.getByRole('list', { name: 'Links that work' }).getByRole('listitem')
  await expect(links.first()).toBeVisible()
  const field = dialog.getByRole('textbox', { name: 'Link' })
  await expect(field).toHaveValue(/^http.*\/s\/#/)
  return field.inputValue()
}

async function expectPlays(page: Page): Promise<void> {
  await expect
    .poll(async () => (await videoState(page.locator('video'))).videoWidth, { message: 'a picture' })
    .toBeGreaterThan(0)
}

test('a link opens a recording for somebody without an account, until it is revoked; the admin sees it all', async ({
  browser,
  page,
  product,
}) => {
  const alice = await join(browser, product.url, uniqueRoomName('Shared'), 'Alice')
  await recordSeconds(alice, 2)
  const items = (await openRecordings(alice)).getByRole('listitem')
  await items.getByRole('button', { name: 'Share', exact: true }).click()
  const link = await createLink(alice)
  const secret = link.split('.').at(-1) ?? ''
  expect(secret.length).toBeGreaterThan(40)

  const bob = await freshPage(browser)
  const requests = requestsOf(bob)
  await bob.goto(link)
  await expectPlays(bob)
  await expect(bob).toHaveURL(/\/s\/[0-9a-f]{32}$/)
  await expect(bob.getByRole('button', { name: 'Download' })).toHaveCount(0)
  await expect(bob.locator('video')).toHaveAttribute('controlslist', 'nodownload')
  await bob.reload()
  await expectPlays(bob)
  expect(requests.filter((request) => request.includes(secret))).toEqual([])
  expect(await bob.evaluate(() => document.cookie + JSON.stringify(sessionStorage))).not.toContain(secret)

  const dialog = alice.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(dialog.getByRole('list', { name: 'Links that work' })).toHaveCount(0)
  await expect(dialog.getByRole('textbox', { name: 'Link' })).toHaveCount(0)
  await bob.reload()
  await expect(bob.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible()
  await bob.goto(link)
  await expect(bob.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible()

  // The page is the same one, and only what is behind the # differs
  await bob.goto(await createLink(alice, 'Also download'))
  await expectPlays(bob)
  const [file] = await Promise.all([
    bob.waitForEvent('download'),
    bob.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/\.mp4$/)
  await bob.context().close()
  await alice.context().close()

  await openLibrary(page, product)
  await page.goto(`${product.url}/recordings/${encodeURIComponent(file.suggestedFilename())}`)
  const history = page.getByRole('list', { name: 'History' })
  await expect(history).toBeVisible()
  const deeds = await history.getByRole('listitem').allTextContents()
  const words = [
    /Alice started it/,
    /Alice stopped it/,
    /Alice made a link \(…[0-9a-f]{6}\)/,
    /Somebody with the link …[0-9a-f]{6} played it/,
    /Alice revoked a link/,
    /Somebody with the link …[0-9a-f]{6} downloaded it/,
  ]
  expect(words.filter((word) => !deeds.some((deed) => word.test(deed)))).toEqual([])
  expect(deeds.every((deed) => deed.includes('127.0.0.1') || deed.includes('::1'))).toBe(true)
})
