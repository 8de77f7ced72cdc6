import { uniqueRoomName } from '../src/meeting.ts'
import { openLibrary } from '../src/library.ts'
import { StoredRecordings, storedRecording } from '../src/stored-recordings.ts'
import { expect, test } from '../src/test.ts'

test('the library is narrowed by days and by status, in its address and by keyboard', async ({
  page,
  product,
}) => {
  using stored = new StoredRecordings(product)
  const room = uniqueRoomName('Filters')
  const noFile = { size: 0, duration: 0, status: 'FAILED', error: 'The disk was full.' } as const
  await stored.put(storedRecording(room, '2026-03-01'), new Uint8Array(10_000))
  await stored.put(storedRecording(room, '2026-03-02', noFile))
  await stored.put(storedRecording(room, '2026-03-03'), new Uint8Array(10_000))

  const items = await openLibrary(page, product, `?search=${encodeURIComponent(room)}`)
  await expect(items).toHaveCount(3)
  await expect(
    items.filter({ hasText: 'The disk was full.' }).getByRole('button', { name: 'Play' }),
  ).toHaveCount(0)

  await page.getByLabel('From').fill('2026-03-02')
  await expect(items).toHaveCount(2)
  await expect(page).toHaveURL(/from=2026-03-02/)
  await page.getByLabel('To').fill('2026-03-02')
  await expect(items).toHaveCount(1)

  await page.getByLabel('Status').focus()
  await page.keyboard.press('ArrowDown')
  await expect(page).toHaveURL(/status=ready/)
  await expect(items).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Clear filters' })).toBeVisible()
  await page.getByLabel('Status').selectOption('Failed or ended early')
  await expect(items).toHaveCount(1)

  await page.reload()
  await expect(page.getByLabel('To')).toHaveValue('2026-03-02')
  await expect(page.getByLabel('Status')).toHaveValue('failed')
  await expect(items).toHaveCount(1)

  await page.getByLabel('To').fill('2026-02-01')
  await expect(page.getByText('This is before the first day.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page).toHaveURL(`${product.url}/recordings`)
  await expect(items.filter({ hasText: room })).toHaveCount(3)
})

test('the library fits a small phone', async ({ page, product }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await openLibrary(page, product)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(360)
  await expect(page.getByLabel('From')).toBeInViewport({ ratio: 1 })
  await expect(page.getByLabel('Status')).toBeInViewport({ ratio: 1 })
})
