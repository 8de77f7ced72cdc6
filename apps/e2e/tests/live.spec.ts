import { openLibrary } from '../src/library.ts'
import { join, uniqueRoomName } from '../src/meeting.ts'
import {
  openRecordings,
  recordedSeconds,
  recordSeconds,
  startRecording,
  stopRecording,
} from '../src/recording.ts'
import { StoredRecordings, storedRecording } from '../src/stored-recordings.ts'
import { expect, test } from '../src/test.ts'

test('a recording lives through all its states in every tab, without reloading', async ({
  browser,
  page,
  product,
}) => {
  const room = uniqueRoomName('Live')
  const alice = await join(browser, product.url, room, 'Alice')
  const bob = await join(browser, product.url, room, 'Bob')
  const lists = [
    (await openRecordings(alice)).getByRole('listitem'),
    (await openRecordings(bob)).getByRole('listitem'),
    await openLibrary(page, product, `?search=${encodeURIComponent(room)}`),
  ]
  for (const items of lists) await expect(items).toHaveCount(0)
  const loads: string[] = []
  for (const tab of [alice, bob, page]) tab.on('load', () => loads.push(tab.url()))

  await startRecording(alice)
  for (const items of lists) {
    await expect(items).toHaveCount(1)
    await expect(items).toContainText(/Starting…|Recording \d\d:\d\d/)
    await expect(items).toContainText(/Recording (?!00:0[01])\d\d:\d\d/)
  }
  await stopRecording(bob)
  for (const items of lists) {
    await expect(items.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
    await expect(items).toHaveCount(1)
  }

  const [, , library] = lists
  if (!library) throw new Error('there is a library')
  await library.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click()
  for (const items of lists) await expect(items).toHaveCount(0)
  expect(loads).toEqual([])
})

test('what happened while a tab was cut off is there when it is back', async ({ browser, page, product }) => {
  using stored = new StoredRecordings(product)
  const room = uniqueRoomName('Cut off')
  await stored.put(storedRecording(room, '2026-03-01'), new Uint8Array(10_000))
  const items = await openLibrary(page, product, `?search=${encodeURIComponent(room)}`)
  await expect(items).toHaveCount(1)
  const loads: string[] = []
  page.on('load', () => loads.push(page.url()))

  await page.context().setOffline(true)
  const alice = await join(browser, product.url, room, 'Alice')
  await recordSeconds(alice, 2)
  // Another replica, or somebody with the bucket's keys
  await stored.put(storedRecording(room, '2026-03-02'), new Uint8Array(10_000))
  await page.context().setOffline(false)

  await expect(items).toHaveCount(3)
  await startRecording(alice)
  await expect(items).toHaveCount(4)
  await expect.poll(() => recordedSeconds(alice)).toBeGreaterThan(0)
  await stopRecording(alice)
  await expect(items.filter({ hasText: /Recording|Saving/ })).toHaveCount(0)
  expect(loads).toEqual([])
})
