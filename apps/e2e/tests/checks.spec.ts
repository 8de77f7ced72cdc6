import { openLibrary } from '../src/library.ts'
import { join, uniqueRoomName } from '../src/meeting.ts'
import { recordSeconds } from '../src/recording.ts'
import { StoredRecordings, storedRecording } from '../src/stored-recordings.ts'
import { expect, test } from '../src/test.ts'

test('each recording says what its file was found to be, and a missing one offers nothing', async ({
  browser,
  page,
  product,
}) => {
  using stored = new StoredRecordings(product)
  const room = uniqueRoomName('Checks')
  const alice = await join(browser, product.url, room, 'Alice')
  await recordSeconds(alice, 2)
  await alice.context().close()
  const garbage = new Uint8Array(10_000)
  await stored.put(storedRecording(room, '2026-03-01', { check: 'missing' }))
  await stored.put(storedRecording(room, '2026-03-02', { check: 'damaged' }), garbage)

  const items = await openLibrary(page, product, `?search=${encodeURIComponent(room)}`)
  await expect(items).toHaveCount(3)
  const row = (text: string) => items.filter({ hasText: text })
  const play = { name: 'Play', exact: true } as const
  await expect(row('Verified').getByRole('button', play)).toBeVisible()
  await expect(row('Damaged').getByRole('button', play)).toBeVisible()
  const missing = row('File missing')
  await expect(missing.getByRole('button', play)).toHaveCount(0)
  await expect(missing.getByRole('button', { name: 'Download', exact: true })).toHaveCount(0)
  await expect(missing.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()

  await row('Damaged').getByRole('link').click()
  await expect(page.getByText('The file is damaged.')).toBeVisible()
  // No URL cures it: it says so, and offers another try
  await expect(page.getByRole('alert').getByRole('button', { name: 'Try again' })).toBeVisible()
  await page.goBack()

  await row('File missing').getByRole('link').click()
  await expect(page.getByText('There is nothing to play. File missing')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Download', exact: true })).toHaveCount(0)
})
