import { openLibrary } from '../src/library.ts'
import { join, uniqueRoomName } from '../src/meeting.ts'
import { recordingStatus, startRecording, stopRecording } from '../src/recording.ts'
import { StoredRecordings, storedRecording } from '../src/stored-recordings.ts'
import { expect, test } from '../src/test.ts'

test('of several recordings that are deleted at once, what stays is still chosen and says why', async ({
  browser,
  page,
  product,
}) => {
  using stored = new StoredRecordings(product)
  const room = uniqueRoomName('Bulk')
  await stored.put(storedRecording(room, '2026-03-01'), new Uint8Array(10_000))
  await stored.put(storedRecording(room, '2026-03-02'), new Uint8Array(10_000))
  const alice = await join(browser, product.url, room, 'Alice')
  await startRecording(alice)
  await expect(recordingStatus(alice)).toBeVisible()

  const items = await openLibrary(page, product, `?search=${encodeURIComponent(room)}`)
  await expect(items).toHaveCount(3)
  const running = items.filter({ hasText: /Recording \d\d:\d\d/ })
  await expect(running).toHaveCount(1)
  for (const item of await items.all()) await item.getByRole('checkbox', { name: 'Choose' }).check()
  await page.getByRole('button', { name: 'Delete chosen' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click()

  await expect(items).toHaveCount(1)
  await expect(running.getByText(/Not deleted: \S/)).toBeVisible()
  await expect(running.getByRole('checkbox', { name: 'Choose' })).toBeChecked()
  await expect(page.getByText('1 chosen')).toBeVisible()

  await stopRecording(alice)
  await expect(items.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Delete chosen' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(items).toHaveCount(0)
  await expect(page.getByText('1 chosen')).toHaveCount(0)
})
