import { join, uniqueRoomName } from '../src/meeting.ts'
import { ADMIN_PASSWORD } from '../src/product.ts'
import { play, recordedSeconds, recordingStatus, startRecording, stopRecording } from '../src/recording.ts'
import { expect, test } from '../src/test.ts'

test('the admin logs in, finds a recording of any room, plays it and deletes it', async ({
  browser,
  product,
  page,
}) => {
  const [wanted, other] = [uniqueRoomName('Board'), uniqueRoomName('Standup')]
  for (const roomName of [wanted, other]) {
    const person = await join(browser, product.url, roomName, 'Alice')
    await startRecording(person)
    await expect(recordingStatus(person)).toBeVisible()
    await expect.poll(() => recordedSeconds(person)).toBeGreaterThan(1)
    await stopRecording(person)
    await person.context().close()
  }

  await page.goto(`${product.url}/recordings`)
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong')
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(page.getByText('That password is not right.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN_PASSWORD)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()

  const items = page.getByRole('list', { name: 'Recordings', exact: true }).getByRole('listitem')
  await expect(items.filter({ hasText: wanted })).toHaveCount(1)
  await expect(items.filter({ hasText: other })).toHaveCount(1)

  await page.getByRole('searchbox', { name: 'Search recordings' }).fill(wanted.toUpperCase())
  await expect(items).toHaveCount(1)
  await expect(items).toContainText(wanted)

  await play(page, items)
  await page.keyboard.press('Escape')
  await items.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(items).toHaveCount(0)

  await page.getByRole('searchbox', { name: 'Search recordings' }).fill('')
  await expect(items.filter({ hasText: other })).toHaveCount(1)
})

test('nobody sees the library without the password', async ({ product, page }) => {
  await page.goto(`${product.url}/recordings`)
  await expect(page.getByRole('button', { name: 'Log in', exact: true })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Recordings', exact: true })).toHaveCount(0)
})
