import { join, uniqueRoomName } from '../src/meeting.ts'
import {
  openRecordings,
  recordedSeconds,
  recordingStatus,
  recordSeconds,
  startRecording,
} from '../src/recording.ts'
import { killRecorders } from '../src/kill-recorders.ts'
import { expect, test } from '../src/test.ts'

test('a recording can be stopped while it is starting, and the room recorded anew', async ({
  browser,
  product,
}) => {
  const room = uniqueRoomName('Hasty')
  const alice = await join(browser, product.url, room, 'Alice')
  const bob = await join(browser, product.url, room, 'Bob')
  await alice.getByRole('button', { name: 'Start recording', exact: true }).click()
  const stop = bob.getByRole('button', { name: 'Stop recording', exact: true })
  await stop.click()
  // Nobody had to wait for it to run
  for (const page of [alice, bob]) {
    await expect(page.getByRole('button', { name: 'Start recording', exact: true })).toBeEnabled()
    await expect(recordingStatus(page)).toBeHidden()
  }
  await recordSeconds(bob, 1)
})

test('everybody is told, once, when the recorder dies, what was recorded is there, and the button is ready', async ({
  browser,
  product,
}) => {
  const room = uniqueRoomName('Killed')
  const alice = await join(browser, product.url, room, 'Alice')
  const bob = await join(browser, product.url, room, 'Bob')
  await startRecording(alice)
  await expect.poll(() => recordedSeconds(bob)).toBeGreaterThan(4)
  expect(await killRecorders(product.recorderPid)).toBeGreaterThan(0)

  for (const page of [alice, bob]) {
    const alert = page.getByRole('alert').filter({ hasText: 'recorder' })
    await expect(alert).toContainText('You can start a new one.')
    await expect(page.getByRole('alert')).toHaveCount(1)
    await expect(page.getByRole('button', { name: 'Start recording', exact: true })).toBeEnabled()
    await expect(recordingStatus(page)).toBeHidden()
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    await expect(alert).toHaveCount(0)
  }
  const items = (await openRecordings(bob)).getByRole('listitem')
  await expect(items.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expect(items).toContainText('Ended early')

  await recordSeconds(bob, 1)
  await expect(alice.getByRole('alert')).toHaveCount(0)
  await expect(items.getByRole('button', { name: 'Play', exact: true })).toHaveCount(2)
})

test('who starts when no start is possible is told why, and can try again', async ({ browser, product }) => {
  const alice = await join(browser, product.url, uniqueRoomName('Refused'), 'Alice')
  await alice.route('**/trpc/recordings.start**', (route) => route.abort())
  const start = alice.getByRole('button', { name: 'Start recording', exact: true })
  await start.click()
  await expect(alice.getByRole('alert')).toContainText("The server can't be reached.")
  await expect(start).toBeEnabled()
  await alice.unroute('**/trpc/recordings.start**')
  await recordSeconds(alice, 1)
  await expect(alice.getByRole('alert')).toHaveCount(0)
})
